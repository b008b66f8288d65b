import { type Name } from '../names.ts';
import { importLines } from '../source-edit.ts';
import { type DomainPlace, type KnownColumn, type KnownResource } from '../workspace.ts';
import { fixtureFile, fixtureName } from '../worker-fixture.ts';

/** All that the templates need to know of a job. */
export interface JobPlan {
  readonly place: DomainPlace;
  readonly name: Name;
  /** Field of the payload that says what it is done to. */
  readonly key: string;
  /** What the audit trail calls that. */
  readonly resource: string;
}

/** `FleetInspectVehicleHandler`: another domain may have a job of this name. */
export function handlerOf({ name, place }: Pick<JobPlan, 'name' | 'place'>): string {
  return `${place.name.pascal}${name.pascal}Handler`;
}

/** The one method that does the job. */
export function handlerTemplate({ key, name, place, resource }: JobPlan): string {
  const verb = name.snake.split('_')[0];
  return `
import { Injectable } from '@nestjs/common';
import { AuditLog, AuditTrail } from '@platform/audit';
import { JobHandler } from '@platform/queue';
import { ${name.pascal} } from '../contract';

/** Does \`${name.words}\`: once for each job that committed, again when it failed, never twice for one that is done. */
@Injectable()
export class ${handlerOf({ name, place })} {
  constructor(private readonly audit: AuditTrail) {}

  /** Leaves in the audit trail what it was done to. What is thrown here is tried again, as the contract says. */
  @JobHandler(${name.pascal})
  @AuditLog('${resource}.${verb}')
  async handle(payload: { ${key}: string }): Promise<void> {
    this.audit.note({ resourceType: '${resource}', resourceId: payload.${key} });
  }
}`;
}

/** The job, from the asking to the trail that it leaves. */
export function handlerTestTemplate({ key, name, place, resource }: JobPlan): string {
  return `
import { setTimeout as sleep } from 'node:timers/promises';
import { type TestingModule } from '@nestjs/testing';
import { ${name.pascal} } from '@contract/${place.name.kebab}';
import { Database, statement } from '@platform/database';
import { Jobs, WorkerRuntime } from '@platform/queue';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { ${fixtureName(place)} } from './${fixtureFile(place)}';

const ID = '0198f1c2-6f3a-7000-8000-000000000001';
const TRAIL = statement('test.${name.kebab}', 'SELECT action FROM audit_logs WHERE resource_id = :id AND resource_type = :type');

describeEachDatabase('${name.words}', (test) => {
  let core: TestingModule;

  beforeAll(async () => {
    core = await domainCore(test, ${fixtureName(place)}, { JOBS_ENGINE: 'embedded' });
    core.get(WorkerRuntime).start();
  });

  const trail = () => core.get(Database).query<{ action: string }>(TRAIL, { id: ID, type: '${resource}' });

  it('is done once for one key, and leaves a trail', async () => {
    const ask = () => core.get(Jobs).enqueue(${name.pascal}, { ${key}: ID }, { key: ID });
    expect([await ask(), await ask()]).toEqual([expect.any(String), null]);
    for (let waited = 0; waited < 10_000 && (await trail()).length === 0; waited += 20) await sleep(20);
    expect(await trail()).toEqual([{ action: '${resource}.${name.snake.split('_')[0]}' }]);
  });
});`;
}

/** All that the templates need to know of a listener. */
export interface ListenerPlan {
  readonly place: DomainPlace;
  /** `BillingVehicleRetiredListeners`: any number of domains hear of one event, and listeners are told apart by it. */
  readonly name: string;
  /** The class of the event, and the domain whose contract has it. */
  readonly event: Name;
  readonly from: Name;
  /** `{ vehicle_id: string }` as the contract writes it, and its first field. */
  readonly key: string;
  readonly payload: string;
}

/** What a domain does when another reports a fact. */
export function listenerTemplate({ event, from, key, name, payload, place }: ListenerPlan): string {
  const own = from.kebab === place.name.kebab;
  const contract = own ? '' : `import { ${event.pascal} } from '@contract/${from.kebab}';\n`;
  return `
import { Injectable } from '@nestjs/common';
${contract}import { AuditLog, AuditTrail } from '@platform/audit';
import { type DomainEvent } from '@platform/kernel';
import { OnDomainEvent } from '@platform/queue';
${own ? `import { ${event.pascal} } from '../contract';\n` : ''}
/** What ${place.name.words} does after \`${event.pascal}\`: once it is committed, at least once, in a transaction of its own. */
@Injectable()
export class ${name} {
  constructor(private readonly audit: AuditTrail) {}

  /** Leaves in the audit trail that ${place.name.words} heard of it. What is thrown here is tried again. */
  @OnDomainEvent(${event.pascal})
  @AuditLog('${place.name.snake}.heard')
  async on${event.pascal}({ payload }: DomainEvent<${payload}>): Promise<void> {
    this.audit.note({ resourceType: '${key.replace(/_id$/, '')}', resourceId: payload.${key} });
  }
}`;
}

/** The listener, from the publishing to the trail that it leaves. */
export function listenerTestTemplate({ event, from, key, place }: ListenerPlan, payload: readonly string[]): string {
  const values = payload.map((field) => `${field}: ${field === key ? 'ID' : "'0198f1c2-6f3a-7000-8000-0000000000ff'"}`);
  return `
import { setTimeout as sleep } from 'node:timers/promises';
import { type TestingModule } from '@nestjs/testing';
import { ${event.pascal} } from '@contract/${from.kebab}';
import { Database, statement } from '@platform/database';
import { Events, WorkerRuntime } from '@platform/queue';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { ${fixtureName(place)} } from './${fixtureFile(place)}';

const ID = '0198f1c2-6f3a-7000-8000-000000000002';
const TRAIL = statement(
  'test.${place.name.kebab}-${event.kebab}',
  "SELECT action FROM audit_logs WHERE resource_id = :id AND action = '${place.name.snake}.heard'",
);

describeEachDatabase('${place.name.words}, when ${event.words}', (test) => {
  let core: TestingModule;

  beforeAll(async () => {
    core = await domainCore(test, ${fixtureName(place)}, { JOBS_ENGINE: 'embedded' });
    core.get(WorkerRuntime).start();
  });

  const trail = () => core.get(Database).query<{ action: string }>(TRAIL, { id: ID });

  it('hears of it after the commit, and not of what was rolled back', async () => {
    const publish = () => core.get(Events).publish(new ${event.pascal}({ ${values.join(', ')} }));
    const rolledBack = core.get(Database).unitOfWork(async () => {
      await publish();
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    await publish();
    for (let waited = 0; waited < 10_000 && (await trail()).length === 0; waited += 20) await sleep(20);
    expect(await trail()).toEqual([{ action: '${place.name.snake}.heard' }]);
  });
});`;
}

/** All that the templates need to know of an integrity rule. */
export interface RulePlan {
  readonly place: DomainPlace;
  /** `vehicle-has-owner` */
  readonly name: Name;
  readonly resource: KnownResource;
  readonly column: KnownColumn;
  /** `owner` */
  readonly what: string;
}

/** A rule that yields each row which has not what it should have. */
export function ruleTemplate({ column, name, resource, place, what }: RulePlan): string {
  const table = resource.many.snake;
  const refers = column.refersTo !== undefined;
  const where = refers
    ? `${table}.${column.name.snake} IS ${column.nullable ? 'NOT ' : ''}NULL ${column.nullable ? 'AND' : 'OR'} NOT EXISTS (SELECT 1 FROM ${column.refersTo} WHERE ${column.refersTo}.id = ${table}.${column.name.snake})`
    : `${table}.${column.name.snake} IS NULL`;
  const wrong = refers ? `refers to ${what} that is not there` : `has no ${what}`;
  return `
import { Injectable } from '@nestjs/common';
import { Database, type Violation, IntegrityRule, statement } from '@platform/database';

const BATCH = 500;
const WITHOUT = statement(
  '${place.name.kebab}.${name.kebab}',
  \`SELECT id FROM ${table}
   WHERE id > :after AND (${where})
   ORDER BY id LIMIT :limit\`,
);

/** ${wrong === `has no ${what}` ? `Every ${resource.one.words} has ${what}` : `The ${what} of every ${resource.one.words} is there`}. */
@Injectable()
export class ${name.pascal}Rule {
  constructor(private readonly database: Database) {}

  /** @returns each row that breaks the rule, by id, read in batches */
  @IntegrityRule({
    id: '${place.name.kebab}.${name.kebab}',
    severity: '${refers ? 'critical' : 'warning'}',
    summary: '${wrong === `has no ${what}` ? `Every ${resource.one.words} has ${what}` : `The ${what} of every ${resource.one.words} is there`}',
  })
  async *search(): AsyncGenerator<Violation> {
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const rows = await this.database.query<{ id: string }>(WITHOUT, { after, limit: BATCH });
      for (const { id } of rows) yield { table: '${table}', id, description: 'The ${resource.one.words} ${wrong}' };
      if (rows.length < BATCH) return;
      after = rows.at(-1)?.id ?? after;
    }
  }
}`;
}

/** The same for the owner, who is a person or a tenant: what is declared of people knows where to look. */
export function ownerRuleTemplate({ name, resource, place }: RulePlan): string {
  const table = resource.many.snake;
  return `
import { Injectable } from '@nestjs/common';
import { type Violation, IntegrityRule, SubjectData } from '@platform/database';

/** The owner of every ${resource.one.words} is there. */
@Injectable()
export class ${name.pascal}Rule {
  constructor(private readonly subjectData: SubjectData) {}

  /** @returns each row whose owner is neither a person nor a tenant, by id, read in batches */
  @IntegrityRule({
    id: '${place.name.kebab}.${name.kebab}',
    severity: 'critical',
    summary: 'The owner of every ${resource.one.words} is there',
  })
  async *search(): AsyncGenerator<Violation> {
    for await (const id of this.subjectData.ownerless('${table}'))
      yield { table: '${table}', id, description: 'The ${resource.one.words} has an owner that is not there' };
  }
}`;
}

/** The rule on rows that keep it, and on one that was broken behind the curtain. */
export function ruleTestTemplate({ column, name, resource, place }: RulePlan, steps: RowSteps): string {
  const table = resource.many.snake;
  const id = `${place.name.kebab}.${name.kebab}`;
  const broken = column.refersTo || column.isOwner ? `'0198f1c2-6f3a-7000-8000-00000000dead'` : 'NULL';
  const unguard = column.refersTo
    ? `
    // The database would not let it happen: its own guard goes first.
    const guard = { postgres: 'ALTER TABLE ${table} DROP CONSTRAINT fk_${table}_${column.name.snake}', sqlite: 'PRAGMA foreign_keys = OFF' };
    await database.dataSource.query(guard[test.dialect]);`
    : '';
  return `
${importLines([
  [['type TestingModule'], '@nestjs/testing'],
  [['type BrokenRule', 'Database', 'Integrity', 'OperatorModule'], '@platform/database'],
  [['describeEachDatabase'], '../../../test/support/databases'],
  [['domainCore'], '../../../test/support/domain-core'],
  ...steps.imports,
])}

describeEachDatabase('the rule ${name.words}', (test) => {
  let core: TestingModule;

  beforeAll(async () => {
    core = await domainCore(test, [OperatorModule.of([${steps.modules}])]);
  });

  const violations = async () => {
    const found: BrokenRule[] = [];
    for await (const violation of core.get(Integrity).check('${id}')) found.push(violation);
    return found;
  };

  it('finds the row that breaks it, and no other', async () => {
    const ann = actorOf(await aUser(core.get(UserDirectory)));
${steps.rows}
    expect(core.get(Integrity).rules()).toContainEqual(expect.objectContaining({ id: '${id}' }));
    expect((await violations()).filter(({ id }) => id === kept.id)).toEqual([]);
    const database = core.get(Database);${unguard}
    await database.dataSource.query(\`UPDATE ${table} SET ${column.name.snake} = ${broken} WHERE id = '\${broken.id}'\`);
    expect(await violations()).toMatchObject([{ rule: '${id}', table: '${table}', id: broken.id }]);
  });
});`;
}

/** How a test makes two rows of a resource: `kept` and `broken`. */
export interface RowSteps {
  readonly imports: readonly (readonly [names: readonly string[], from: string])[];
  readonly modules: string;
  readonly rows: string;
}
