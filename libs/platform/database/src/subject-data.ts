import { Inject, Injectable } from '@nestjs/common';
import { DECLARATIONS } from '@platform/config';
import { BootRefused, type DomainDeclaration, type Json, type SubjectDataContract } from '@platform/kernel';
import { type EntityMetadata } from 'typeorm';
import { Database } from './database';
import { subjectDataOf } from './personal-data';
import { type Statement, statement } from './statement';
import { subjectDataProblems } from './subject-data-checks';

/** Who is erased: a person, or a tenant that owned rows instead of one. */
export type SubjectKind = 'person' | 'tenant';

/** Rows touched, by table. */
export type ErasureReport = Record<string, number>;

/** Rows that {@link SubjectData.ownerless} reads at once. */
const BATCH = 500;

interface Step {
  readonly contract: SubjectDataContract;
  readonly statement: Statement;
  readonly values: Readonly<Record<string, Json>>;
}

/** What the domains of this process hold of people and tenants, and the one way to erase it. */
@Injectable()
export class SubjectData {
  private readonly all: readonly SubjectDataContract[];
  private readonly steps: readonly Step[];
  private readonly subjects: readonly string[];
  private readonly searches = new Map<string, Statement>();

  /** @throws BootRefused naming each contract that cannot be kept, and its fix */
  constructor(
    private readonly database: Database,
    @Inject(DECLARATIONS) declarations: readonly DomainDeclaration[],
  ) {
    const tables = database.dataSource.entityMetadatas;
    const problems = subjectDataProblems(declarations, tables);
    if (problems.length > 0) throw new BootRefused(problems);
    this.all = declarations.flatMap(subjectDataOf);
    this.subjects = declarations.flatMap(({ subjects }) => subjects ?? []);
    this.steps = this.all.toReversed().flatMap((contract, index) => stepOf(contract, index, tables));
  }

  /** Every declaration, in the order of the domains: those that are called before those that call. */
  contracts(): readonly SubjectDataContract[] {
    return this.all;
  }

  /**
   * Delete or anonymize all that is declared of the subject, in one transaction, from the highest domain down. Safe
   * twice. Returns how many rows were touched in each table.
   * @param email address of the person, in lower case: without it, rows that are known by an address alone stay
   */
  erase(kind: SubjectKind, id: string, email?: string): Promise<ErasureReport> {
    return this.database.transaction(async () => {
      const report: ErasureReport = {};
      for (const { contract, statement: erasing, values } of this.steps) {
        const subject = contract.holds === 'email' ? email : id;
        if (subject === undefined || !isMeant(contract, kind)) continue;
        const touched = await this.database.execute(erasing, { ...values, subject });
        report[contract.table] = (report[contract.table] ?? 0) + touched;
      }
      return report;
    });
  }

  /**
   * The ids of the rows of a table whose owner is neither a person nor a tenant that this process knows, in their order,
   * read in batches: what no foreign key can hold, because an owner is either.
   * @throws Error for a table that is not declared with an owner
   */
  async *ownerless(table: string): AsyncGenerator<string> {
    const search = this.searchOf(table);
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const rows = await this.database.query<{ id: string }>(search, { after, limit: BATCH });
      for (const { id } of rows) yield id;
      if (rows.length < BATCH) return;
      after = rows.at(-1)?.id ?? after;
    }
  }

  private searchOf(table: string): Statement {
    const known = this.searches.get(table);
    if (known) return known;
    const owned = this.all.find((contract) => contract.table === table && contract.holds === 'owner' && !contract.via);
    if (!owned)
      throw new Error(`Table '${table}' has no owner: declare its column with \`holds: 'owner'\` in subjectData`);
    const search = ownerlessStatement(owned, this.searches.size, this.subjects);
    this.searches.set(table, search);
    return search;
  }
}

function ownerlessStatement(
  { column, table }: SubjectDataContract,
  index: number,
  subjects: readonly string[],
): Statement {
  const among = (subject: string) => `EXISTS (SELECT 1 FROM "${subject}" s WHERE s."id" = t."${column}")`;
  return statement(
    `subject-data.ownerless.${index}.${table}`.slice(0, 63),
    `SELECT t."id" FROM "${table}" t
     WHERE t."id" > :after ${subjects.map((subject) => `AND NOT ${among(subject)}`).join(' ')}
     ORDER BY t."id" LIMIT :limit`,
  );
}

function isMeant({ holds }: SubjectDataContract, kind: SubjectKind): boolean {
  return kind === 'person' || holds === 'owner';
}

function stepOf(contract: SubjectDataContract, index: number, tables: readonly EntityMetadata[]): Step[] {
  const { column, erasure, table, via } = contract;
  if (erasure.kind === 'keep') return [];
  // The index makes it unique within the 63 characters that PostgreSQL tells names apart by.
  const name = `subject-data.${index}.${table}`.slice(0, 63);
  const subjects = via ? `IN (SELECT "id" FROM "${via.table}" WHERE "${via.column}" = :subject)` : `= :subject`;
  const where = `WHERE "${column}" ${subjects}`;
  if (erasure.kind === 'delete') {
    return [{ contract, statement: statement(name, `DELETE FROM "${table}" ${where}`), values: {} }];
  }
  const set = Object.keys(erasure.set).map((key) => `"${key}" = :set_${key}`);
  const values = Object.entries(erasure.set).map(([key, value]) => [`set_${key}`, stored(value, key, table, tables)]);
  return [
    {
      contract,
      statement: statement(name, `UPDATE "${table}" SET ${set.join(', ')} ${where}`),
      values: Object.fromEntries(values) as Record<string, Json>,
    },
  ];
}

/** A value of a JSON column as its text; null is no value, there too. */
function stored(value: Json, column: string, table: string, tables: readonly EntityMetadata[]): Json {
  const metadata = tables.find(({ tableName }) => tableName === table)?.findColumnWithDatabaseName(column);
  return metadata?.type === 'jsonb' && value !== null ? JSON.stringify(value) : value;
}
