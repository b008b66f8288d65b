import { type Answer } from '../../../support/api-client';
import { findingsAbout, type Operation, operationsOf, pathOf } from '../../../support/census';
import { bodyOf, CURE_OF_BODY, type Parameters } from '../../../support/fixtures';
import { forgeriesOf } from '../../../support/forgeries';
import { type Stack } from '../../../support/modes';
import { type Person, signIn, signUp, withRole } from '../../../support/people';
import { type ErrorWire } from '../../../support/wire';

const UNKNOWN = '0198f1c2-6f3a-7000-8000-00000000beef';

/** What is served beside the API and in no document, each with the reason in words. */
const BESIDE: Readonly<Record<string, string>> = {
  '/dev/mailbox': 'the mails of development; never served in production',
};

/** Headers by which somebody may try to be somebody else. */
const PRETENCES: Record<string, string> = {
  'x-role': 'superadmin',
  'x-user-role': 'admin',
  'x-forwarded-user': 'root',
  'x-original-url': '/api/v1/app/users/me',
  'x-rewrite-url': '/api/v1/app/users/me',
};

/** Law: a route that is not public asks who calls, and answers only those whose permissions, here and now, cover it. */
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

    it('is in the documents, as every route that the API serves is: none escapes these laws', async () => {
      const { output, status } = await stack().omni('routes', '--json');
      expect([status, output]).toEqual([0, expect.stringMatching(/^\[/)]);
      const told = new Map(operations.map((operation) => [operation.name, operation]));
      const findings = (JSON.parse(output) as { method: string; path: string; access: string }[]).flatMap((route) => {
        const name = `${route.method} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`;
        const operation = told.get(name);
        if (Object.keys(BESIDE).some((path) => route.path === path || route.path.startsWith(`${path}/`))) return [];
        if (!operation) return [`${name} is served, and in no OpenAPI document: do not exclude it`];
        const access = operation.isPublic ? 'public' : operation.permission;
        return access === route.access ? [] : [`${name} is ${route.access}, and ${access} in the document`];
      });
      expect(findings).toEqual([]);
    });

    it('is everything under /app/ and /admin/, by the word of the document', () => {
      const open = operations.filter(({ isPublic, route }) => isPublic && /^\/(app|admin)\//.test(route));
      expect(open.map(({ name }) => name)).toEqual([]);
      const silent = operations.filter(({ isPublic, permission }) => !isPublic && permission === undefined);
      expect(silent.map(({ name }) => name)).toEqual([]);
    });

    it('answers 401 with a challenge to nobody, and to a token that is none', async () => {
      const closed = operations.filter(({ isPublic }) => !isPublic);
      const findings = await findingsAbout(closed, async (operation) => [
        ...refused('nobody', await asked(operation, stack().client), 401),
        ...refused('a token that is none', await asked(operation, stack().client.as('not.a.token')), 401),
      ]);
      expect(findings).toEqual([]);
    });

    it('answers 403 to a person without its permission, whatever headers he sends', async () => {
      expect(beyond.length).toBeGreaterThan(0);
      const findings = await findingsAbout(beyond, async (operation) => [
        ...refused('a plain user', await asked(operation, plain.client), 403),
        ...refused('a pretender', await asked(operation, plain.client.with(PRETENCES)), 403),
      ]);
      expect(findings).toEqual([]);
    });

    it('answers no token better for the roles and permissions that it claims', async () => {
      const forgeries = await forgeriesOf(plain.session.access_token, stack());
      const findings = await findingsAbout(beyond, async (operation) => {
        const found: string[] = [];
        for (const { status, token, what } of forgeries) {
          found.push(...refused(what, await asked(operation, stack().client.as(token)), status));
        }
        return found;
      });
      expect(findings).toEqual([]);
    });

    it.each(['admin', 'superadmin'] as const)(
      'lets the role %s in exactly where the role has the permission',
      async (role) => {
        const person = await withRole(stack(), role);
        const may = await permissionsOf(person);
        const findings = await findingsAbout(beyond, async (operation) => {
          const answer = await asked(operation, person.client);
          if (!may.has(operation.permission ?? '')) return refused(`a ${role}`, answer, 403);
          if (![401, 403].includes(answer.status)) return [];
          return [`answered ${answer.status} to a ${role}, who has ${operation.permission}; ${answer.text}`];
        });
        expect(findings).toEqual([]);
        expect(beyond.some(({ permission }) => may.has(permission ?? ''))).toBe(true);
      },
    );
  });
}

/** Law: whom the door is shut to, and whose sign-in has ended, no route of a signed-in person serves any more. */
export function endedAccess(stack: () => Stack): void {
  describe('access that has ended', () => {
    let closed: readonly Operation[];
    let admin: Person;

    beforeAll(async () => {
      closed = operationsOf(stack().contracts).filter(({ isPublic }) => !isPublic);
      admin = await withRole(stack(), 'superadmin');
    });

    it('answers 403 on every route to an admin who was shut out', async () => {
      const person = await withRole(stack(), 'admin');
      await person.client.get('/api/v1/app/users/me');
      const answer = await admin.client.post(`/api/v1/admin/users/${person.user.id}/deactivate`);
      expect(answer.status).toBe(200);
      const findings = await findingsAbout(closed, async (operation) =>
        refused('a person who was shut out', await asked(operation, person.client), 403),
      );
      expect(findings).toEqual([]);
    });

    it('answers 401 on every route to a sign-in that has ended, and the other one goes on', async () => {
      const other = await withRole(stack(), 'admin');
      const ended = await signIn(stack(), other.user.email);
      expect((await ended.client.post('/api/v1/app/auth/logout')).status).toBe(204);
      const findings = await findingsAbout(closed, async (operation) =>
        refused('a sign-in that has ended', await asked(operation, ended.client), 401),
      );
      expect(findings).toEqual([]);
      expect((await other.client.get('/api/v1/app/users/me')).status).toBe(200);
    });
  });
}

/** Ask as this client does, for a thing that does not exist, with a body that is good: what is left is who asks. */
function asked(operation: Operation, client: Person['client']): Promise<Answer> {
  const nowhere: Parameters = Object.fromEntries(operation.parameters.map((name) => [name, UNKNOWN]));
  return client.send(operation.method, pathOf(operation, nowhere), { body: bodyOf(operation) });
}

function refused(whom: string, { body, headers, status, text }: Answer, ...statuses: number[]): string[] {
  const findings: string[] = [];
  const { code } = (body as ErrorWire | undefined)?.error ?? {};
  if (!statuses.includes(status)) {
    const why = status === 422 ? `, ${CURE_OF_BODY}` : '';
    findings.push(`answered ${status} to ${whom}, not ${statuses.join(' or ')}${why}; ${text}`);
  } else if (code !== (status === 401 ? 'AUTHENTICATION_ERROR' : 'AUTHORIZATION_ERROR')) {
    findings.push(`answered ${code} to ${whom}`);
  }
  if (status === 401 && !/^Bearer/.test(headers.get('www-authenticate') ?? '')) {
    findings.push(`answered 401 to ${whom} without WWW-Authenticate`);
  }
  return findings;
}

async function permissionsOf({ client }: Person): Promise<ReadonlySet<string>> {
  return new Set((await client.get<{ permissions: string[] }>('/api/v1/app/auth/me')).body.permissions);
}
