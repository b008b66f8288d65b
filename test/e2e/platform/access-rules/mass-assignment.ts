import { type Answer } from '../../../support/api-client';
import { violationsOf, type Operation, operationsOf, pathOf } from '../../../support/operations';
import { propertiesOf } from '../../../support/examples';
import { type Stack } from '../../../support/modes';
import { type Person, signUp, withRole } from '../../../support/people';
import { bodyOf, FIX_OF_BODY, ownParametersOf } from '../../../support/registered';
import { differenceOf, rowsOf } from '../../../support/rows';
import { type ErrorWire } from '../../../support/wire';
import { permissionsOf } from './asking';

const SOMEBODY = '0198f1c2-6f3a-7000-8000-00000000cafe';

/** What a body must never set, unless its schema says so. */
const PRIVILEGED: Readonly<Record<string, unknown>> = {
  id: SOMEBODY,
  owner_id: SOMEBODY,
  user_id: SOMEBODY,
  created_by: SOMEBODY,
  organization_id: SOMEBODY,
  tenant_id: SOMEBODY,
  role: 'superadmin',
  roles: ['superadmin'],
  permissions: ['*'],
  is_active: true,
  is_admin: true,
  plan: 'enterprise',
  subscription_plan: 'enterprise',
  subscription_status: 'active',
  stripe_customer_id: 'cus_somebody',
  email_verified: true,
  email_verified_at: '2020-01-01T00:00:00.000Z',
  password_hash: 'x',
  login_count: 0,
  version: 1,
  created_at: '2020-01-01T00:00:00.000Z',
  updated_at: '2020-01-01T00:00:00.000Z',
  deleted_at: null,
};

/** Bodies that reach for prototypes; written out, as no object literal holds such a key. */
const PROTOTYPES = ['"__proto__":{"role":"superadmin"}', '"constructor":{"prototype":{"role":"superadmin"}}'];

/** Access rule: a body changes what its schema names and nothing else; whatever else it carries is refused by name. */
export function massAssignment(stack: () => Stack): void {
  describe('a body that carries more than its schema knows', () => {
    let operations: readonly Operation[];
    let plain: Person;
    let admin: Person;
    let held: ReadonlySet<string>;

    beforeAll(async () => {
      operations = operationsOf(stack().contracts).filter(({ body }) => body !== undefined);
      plain = await signUp(stack());
      admin = await withRole(stack(), 'superadmin');
      held = await permissionsOf(plain);
    });

    const callerOf = ({ permission }: Operation): Person => (held.has(permission ?? '') ? plain : admin);
    const clientOf = (operation: Operation): Person['client'] =>
      operation.isPublic ? stack().client : callerOf(operation).client;

    it('is refused with 422 that names each such field and no other, and nothing changes', async () => {
      expect(operations.length).toBeGreaterThan(0);
      const violations = await violationsOf(operations, async (operation) => {
        const parameters = await ownParametersOf(stack(), operation, callerOf(operation));
        const surplus = surplusOf(operation);
        const body = { ...(await bodyOf(operation, callerOf(operation), stack(), parameters)), ...surplus };
        const before = await rowsOf(stack());
        const answer = await clientOf(operation).send(operation.method, pathOf(operation, parameters), { body });
        return [...named(answer, Object.keys(surplus)), ...differenceOf(before, await rowsOf(stack()))];
      });
      expect(violations).toEqual([]);
    });

    it('is refused when it reaches for a prototype, and nothing changes', async () => {
      const violations = await violationsOf(operations, async (operation) => {
        const parameters = await ownParametersOf(stack(), operation, callerOf(operation));
        const good = await bodyOf(operation, callerOf(operation), stack(), parameters);
        const before = await rowsOf(stack());
        const found: string[] = [];
        for (const surplus of PROTOTYPES) {
          const body = withText(good, surplus);
          const answer = await clientOf(operation).send(operation.method, pathOf(operation, parameters), { body });
          if (![400, 422].includes(answer.status)) found.push(`${surplus} answered ${answer.status}; ${answer.text}`);
        }
        return [...found, ...differenceOf(before, await rowsOf(stack()))];
      });
      expect(violations).toEqual([]);
    });
  });
}

function surplusOf({ body, document }: Operation): Record<string, unknown> {
  const known = new Set(body ? propertiesOf(body, document) : []);
  return Object.fromEntries(Object.entries(PRIVILEGED).filter(([name]) => !known.has(name)));
}

function named(answer: Answer, fields: readonly string[]): string[] {
  if (answer.status !== 422) return [`answered ${answer.status}, not 422; ${answer.text}`];
  // ValidationFailed has this shape, and the document holds it to it.
  const { errors = [] } = (answer.body as ErrorWire).error.details as { errors?: { field: string }[] };
  const told = new Set(errors.map(({ field }) => field));
  const silent = fields.filter((field) => !told.has(field));
  const others = [...told].filter((field) => !fields.includes(field));
  return [
    ...(silent.length > 0 ? [`the refusal does not name ${silent.join(', ')}`] : []),
    ...(others.length > 0 ? [`the body was not good in ${others.join(', ')}: ${FIX_OF_BODY}; ${answer.text}`] : []),
  ];
}

/** The body as JSON with one more entry, written as it is. */
function withText(body: object = {}, entry: string): string {
  const text = JSON.stringify(body);
  return `${text.slice(0, -1)}${text === '{}' ? '' : ','}${entry}}`;
}
