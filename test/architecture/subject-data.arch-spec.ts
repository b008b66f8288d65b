import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declarationsIn } from '@platform/config';
import {
  createDataSource,
  type Database,
  IdColumn,
  isAppendOnly,
  ReferenceColumn,
  subjectDataOf,
  TextColumn,
} from '@platform/database';
import { type DomainDeclaration, type SubjectDataContract } from '@platform/kernel';
import { Entity, type EntityMetadata, ForeignKey } from 'typeorm';
import { ApiModule } from '../../apps/api/src/api.module';
import { ApplicationModule } from '../../apps/cli/src/application.module';
import { WorkerAppModule } from '../../apps/worker/src/worker.module';
import { coreAndDatabase, describeEachDatabase } from '../support/databases';
import { NO_PERSON, silentOnFirstProof, undeclared } from './support/subject-data-rule';

/** Refers to its person under a name that says nothing, and to another by a name that does. */
@Entity('diaries')
class Diary {
  @IdColumn() id: string;
  @ForeignKey('users')
  @ReferenceColumn()
  keeper: string;
  @ReferenceColumn() readBy: string;
  @TextColumn() pages: string;
}

/** Hangs on a diary. */
@Entity('diary_pages')
class DiaryPage {
  @IdColumn() id: string;
  @ForeignKey('diaries')
  @ReferenceColumn()
  diary: string;
}

/** Knows a person by the address alone. */
@Entity('postcards')
class Postcard {
  @IdColumn() id: string;
  @TextColumn() toEmail: string;
}

/** Opens something for whoever owns it. */
@Entity('lockets')
class Locket {
  @IdColumn() id: string;
  @ReferenceColumn() ownerId: string;
  @TextColumn() keyHash: string;
}

describe('what is held of people', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omnistack-rule-'));
  const environment = { ENVIRONMENT: 'local', SECRET_KEY: 'a-key-of-the-tests-that-is-long-enough', DATA_DIR: folder };
  const processes = {
    api: declarationsIn([ApiModule.assemble({ ...environment, WORKER: 'separate' })]),
    cli: declarationsIn([ApplicationModule.assemble(environment)]),
    worker: declarationsIn([WorkerAppModule.assemble(environment)]),
  };
  const everything = [...new Set(Object.values(processes).flat())];
  let entities: readonly EntityMetadata[];

  const entitiesOf = async (declarations: readonly DomainDeclaration[]) => {
    const settings = coreAndDatabase({ ...environment, DATABASE_URL: 'sqlite::memory:' });
    const dataSource = await createDataSource({ ...settings, declarations }).initialize();
    const { entityMetadatas } = dataSource;
    await dataSource.destroy();
    return entityMetadatas;
  };
  beforeAll(async () => {
    entities = await entitiesOf(everything);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is declared: every column that refers to a person or an owner, and every table that hangs on their rows', () => {
    expect(entities.length).toBeGreaterThan(8);
    expect(undeclared(entities, everything)).toEqual([]);
  });

  it('has no exception that nothing needs any more', () => {
    const needed = undeclared(entities, everything, {});
    expect(Object.keys(NO_PERSON).filter((place) => !needed.includes(place))).toEqual([]);
  });

  it('says what becomes of it when somebody first proves the address of the account', () => {
    const ends = everything.flatMap(subjectDataOf).filter(({ firstProof }) => firstProof === 'ends');
    expect(ends.map(({ table }) => table)).toContain('api_keys');
    expect(silentOnFirstProof(entities, everything)).toEqual([]);
  });

  describe('by a domain that forgot', () => {
    const contract = (table: string, column: string): SubjectDataContract => ({
      table,
      column,
      holds: 'person',
      summary: 'Diaries',
      erasure: { kind: 'delete' },
    });
    const diaries = (...subjectData: SubjectDataContract[]): DomainDeclaration => ({
      name: 'diaries',
      entities: [Diary, DiaryPage, Postcard],
      subjectData,
    });
    const forgotten = async (domain: DomainDeclaration) => {
      const all = [...everything, domain];
      return undeclared(await entitiesOf(all), all);
    };

    it('is found: by foreign key, by name and by address', async () => {
      expect(await forgotten(diaries())).toEqual(['diaries.keeper', 'diaries.read_by', 'postcards.to_email']);
    });

    it('is found column by column, and in the tables that hang on what is deleted', async () => {
      const found = await forgotten(diaries(contract('diaries', 'keeper'), contract('postcards', 'to_email')));
      expect(found).toEqual(['diaries.read_by', 'diary_pages (rows of diaries)']);
    });

    it('is found where the database would refuse to delete the person', async () => {
      const kept = { kind: 'keep', reason: 'A diary is history' } as const;
      const keeper = { ...contract('diaries', 'keeper'), erasure: kept };
      const reader = { ...contract('diaries', 'read_by'), erasure: kept };
      const found = await forgotten(diaries(keeper, reader, contract('postcards', 'to_email')));
      expect(found).toEqual(['diaries (rows of users)']);
    });

    it('is found where it does not say whether it outlives the first proof of an address', async () => {
      const silent = async (subjectData: SubjectDataContract[], more: DomainDeclaration['entities'] = []) => {
        const all = [...everything, { ...diaries(...subjectData), entities: [Diary, ...more] }];
        return silentOnFirstProof(await entitiesOf(all), all);
      };
      const keeper = contract('diaries', 'keeper');
      expect(await silent([keeper])).toEqual(['diaries.keeper']);
      expect(await silent([{ ...keeper, firstProof: { stays: 'A diary lets nobody in' } }])).toEqual([]);
      const locket = { ...contract('lockets', 'owner_id'), holds: 'owner' as const };
      const told = { ...keeper, firstProof: 'ends' as const };
      expect(await silent([told, locket], [Locket])).toEqual(['lockets.key_hash']);
      expect(await silent([told, { ...locket, firstProof: 'ends' }], [Locket])).toEqual([]);
    });

    it('is found nowhere once all of it is declared', async () => {
      const page = { ...contract('diary_pages', 'diary'), via: { table: 'diaries', column: 'keeper' } };
      const columns = [
        contract('diaries', 'keeper'),
        contract('diaries', 'read_by'),
        contract('postcards', 'to_email'),
      ];
      expect(await forgotten(diaries(...columns, page))).toEqual([]);
    });
  });

  it.each(['api', 'cli'] as const)('is known to the worker, which erases, as far as the %s declares it', (name) => {
    const places = (declarations: readonly DomainDeclaration[]) =>
      declarations.flatMap(({ subjectData }) => (subjectData ?? []).map(({ column, table }) => `${table}.${column}`));
    const known = new Set(places(processes.worker));
    expect(places(processes[name]).filter((place) => !known.has(place))).toEqual([]);
  });

  it('is one list in all processes: none migrates, permits or reports what another does not know', () => {
    const domains = Object.values(processes).map((declarations) =>
      declarations.map(({ name }) => name).filter((name) => !name.startsWith('platform/')),
    );
    const [first = [], ...others] = domains.map((names) => names.sort());
    for (const names of others) expect(names).toEqual(first);
  });

  it('is known to the worker with every table that the other processes have', () => {
    const known = new Set(processes.worker.flatMap((domain) => domain.entities ?? []));
    const others = everything.flatMap((domain) => domain.entities ?? []);
    expect(others.filter((entity) => !known.has(entity)).map(({ name }) => name)).toEqual([]);
  });

  describeEachDatabase('in tables that refuse every change', (test) => {
    let database: Database;
    beforeAll(async () => {
      database = await test.open(everything);
    });

    it('is kept: the entities that say so are those whose tables do', async () => {
      const guarded = await database.manager.query<{ name: string }[]>(
        test.dialect === 'postgres'
          ? `SELECT DISTINCT event_object_table AS name FROM information_schema.triggers
             WHERE trigger_name LIKE '%refuses_change' ORDER BY 1`
          : `SELECT DISTINCT tbl_name AS name FROM sqlite_master
             WHERE type = 'trigger' AND name LIKE '%refuses_update' ORDER BY 1`,
      );
      const marked = database.dataSource.entityMetadatas.filter(({ target }) => isAppendOnly(target));
      expect(marked.map(({ tableName }) => tableName).sort()).toEqual(guarded.map(({ name }) => name));
      expect(guarded.map(({ name }) => name)).toContain('audit_logs');
    });
  });
});
