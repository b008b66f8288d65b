import { violationsOf, type Operation, operationsOf, pathOf } from '../../../support/operations';
import { prefilledBody } from '../../../support/examples';
import { type Stack } from '../../../support/modes';
import { type Person, signUp, withRole } from '../../../support/people';
import { changeableBy, filledByHand, PLACE, referencesOf } from '../../../support/registered';
import { type ErrorWire } from '../../../support/wire';
import { permissionsOf } from '../access-rules/asking';

/** Rule: what Swagger UI fills in can be sent as it is. Once per route: an address that is registered is taken in v2. */
export function prefilledBodies(stack: () => Stack): void {
  describe('the body that Swagger UI fills in', () => {
    it('is accepted by every POST and PATCH, but for what only its reader has', async () => {
      const operations = operationsOf(stack().contracts).filter(isFilledIn);
      expect(operations.length).toBeGreaterThan(0);
      const [plain, chief] = [await signUp(stack()), await withRole(stack(), 'superadmin')];
      const held = await permissionsOf(plain);
      const callerOf = async ({ isPublic, permission = '', route }: Operation): Promise<Person> => {
        // What changes the way in changes it for nobody else.
        if (route.startsWith('/app/auth/')) return signUp(stack());
        return isPublic || held.has(permission) ? plain : chief;
      };
      const judge = async (operation: Operation) => sent(stack(), operation, await callerOf(operation));
      expect(await violationsOf(operations, judge)).toEqual([]);
    });

    it('is exempt on no route that does not exist', () => {
      const known = new Set(
        operationsOf(stack().contracts)
          .filter(isFilledIn)
          .map(({ key }) => key),
      );
      expect(Object.keys(filledByHand).filter((key) => !known.has(key))).toEqual([]);
    });
  });
}

function isFilledIn({ body, method, path }: Operation): boolean {
  return body !== undefined && ['POST', 'PATCH'].includes(method) && path.startsWith('/api/v1/');
}

async function sent(stack: Stack, operation: Operation, by: Person): Promise<string[]> {
  const { document, key, method, name, path } = operation;
  const parameters = await changeableBy(by, operation, stack);
  const stated = document.paths[path]?.[method.toLowerCase()];
  const shown = stated && (prefilledBody(stated, document) as object);
  const body = { ...shown, ...(await referencesOf(operation, by, stack, parameters)) };
  const client = operation.isPublic ? stack.client : by.client;
  const answer = await client.send(method, pathOf(operation, parameters), { body });
  // 409: the body is good, and what it makes is there since the operation before.
  if (answer.status < 300 || answer.status === 409) return [];
  const { code } = (answer.body as ErrorWire).error;
  if (key in filledByHand && ![400, 429].includes(answer.status) && code !== 'VALIDATION_ERROR') return [];
  return [
    `answered ${answer.status} to ${JSON.stringify(body)}: correct the examples of its DTO (\`@example\`), or add ` +
      `'${key}' to \`filledByHand\` in ${PLACE} with what only a reader of ${name} has; ${answer.text}`,
  ];
}
