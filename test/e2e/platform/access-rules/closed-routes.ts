import { violationsOf, type Operation, operationsOf, servedRoutes } from '../../../support/operations';
import { forgeriesOf } from '../../../support/forgeries';
import { type Stack } from '../../../support/modes';
import { type Person, signUp, withRole } from '../../../support/people';
import { asked, permissionsOf, refused } from './asking';

/** Controllers that serve pages beside the API, in no document, each with the reason in words. */
const BESIDE: Readonly<Record<string, string>> = {
  StartController: 'the page of newcomers at /; never served in production',
  DevMailboxController: 'the mails of development; never served in production',
  LinkPageController: 'a page of development, for the link of a mail; never served in production',
  BrowserLinkController: 'where the link of an admin is used; queue-board.e2e-spec.ts tries it',
  QueuesController: 'pages for the browser of an admin; queue-board.e2e-spec.ts tries them',
};

/** Headers by which somebody may try to be somebody else. */
const PRETENCES: Record<string, string> = {
  'x-role': 'superadmin',
  'x-user-role': 'admin',
  'x-forwarded-user': 'root',
  'x-original-url': '/api/v1/app/users/me',
  'x-rewrite-url': '/api/v1/app/users/me',
};

/** Access rule: a route that is not public asks who calls, and answers only those whose permissions, here and now, cover it. */
export function closedRoutes(stack: () => Stack): void {
  describe('a closed route', () => {
    let operations: readonly Operation[];
    let plain: Person;
    let held: ReadonlySet<string>;
    let beyond: readonly Operation[];

    beforeAll(async () => {
      operations = operationsOf(stack().contracts);
      plain = await signUp(stack());
      held = await permissionsOf(plain);
      beyond = operations.filter(
        ({ isAdmin, isPublic, permission }) => isAdmin || (!isPublic && !held.has(permission ?? '')),
      );
    });

    it('is in the documents, as every route that the API serves is: none escapes these rules', async () => {
      const told = new Map(operations.map((operation) => [operation.name, operation]));
      const violations = (await servedRoutes(stack())).flatMap(({ access, controller, name }) => {
        if (controller in BESIDE) return [];
        const operation = told.get(name);
        if (!operation) return [`${name} is served, and in no OpenAPI document: do not exclude it`];
        const stated = operation.isPublic ? 'public' : operation.permission;
        return stated === access ? [] : [`${name} is ${access}, and ${stated} in the document`];
      });
      expect(violations).toEqual([]);
    });

    it('is everything under /app/ and /admin/, by the word of the document', () => {
      const open = operations.filter(({ isPublic, route }) => isPublic && /^\/(app|admin)\//.test(route));
      expect(open.map(({ name }) => name)).toEqual([]);
      const silent = operations.filter(({ isPublic, permission }) => !isPublic && permission === undefined);
      expect(silent.map(({ name }) => name)).toEqual([]);
    });

    it('answers 401 with a challenge to nobody, and to a token that is none', async () => {
      const closed = operations.filter(({ isPublic }) => !isPublic);
      const violations = await violationsOf(closed, async (operation) => [
        ...refused('nobody', await asked(operation, stack().client), 401),
        ...refused('a token that is none', await asked(operation, stack().client.as('not.a.token')), 401),
      ]);
      expect(violations).toEqual([]);
    });

    it('answers 403 to a person without its permission, whatever headers they send', async () => {
      expect(beyond.length).toBeGreaterThan(0);
      const violations = await violationsOf(beyond, async (operation) => [
        ...refused('a plain user', await asked(operation, plain.client), 403),
        ...refused('a pretender', await asked(operation, plain.client.with(PRETENCES)), 403),
      ]);
      expect(violations).toEqual([]);
    });

    it('answers no token better for the roles and permissions that it claims', async () => {
      const forgeries = await forgeriesOf(plain.session.access_token, stack());
      const violations = await violationsOf(beyond, async (operation) => {
        const found: string[] = [];
        for (const { status, token, what } of forgeries) {
          found.push(...refused(what, await asked(operation, stack().client.as(token)), status));
        }
        return found;
      });
      expect(violations).toEqual([]);
    });

    it.each(['admin', 'superadmin'] as const)(
      'lets the role %s in exactly where the role has the permission',
      async (role) => {
        const person = await withRole(stack(), role);
        const may = await permissionsOf(person);
        const violations = await violationsOf(beyond, async (operation) => {
          const answer = await asked(operation, person.client);
          if (!may.has(operation.permission ?? '')) return refused(`a ${role}`, answer, 403);
          if (![401, 403].includes(answer.status)) return [];
          return [`answered ${answer.status} to a ${role}, who has ${operation.permission}; ${answer.text}`];
        });
        expect(violations).toEqual([]);
        expect(beyond.some(({ permission }) => may.has(permission ?? ''))).toBe(true);
      },
    );
  });
}
