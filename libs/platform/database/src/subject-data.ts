import { Inject, Injectable } from '@nestjs/common';
import { DECLARATIONS } from '@platform/config';
import { type DomainDeclaration, type SubjectDataContract } from '@platform/kernel';
import { Database } from './database';
import { type Statement, statement } from './statement';

/** Who is erased: a person, or a tenant that owned rows instead of one. */
export type SubjectKind = 'person' | 'tenant';

/** Rows touched, by table. */
export type ErasureReport = Record<string, number>;

/** What the domains of this process hold of people and tenants, and the one way to erase it. */
@Injectable()
export class SubjectData {
  private readonly all: readonly SubjectDataContract[];
  private readonly statements = new Map<SubjectDataContract, Statement>();

  constructor(
    private readonly database: Database,
    @Inject(DECLARATIONS) declarations: readonly DomainDeclaration[],
  ) {
    this.all = declarations.flatMap(({ subjectData }) => subjectData ?? []);
  }

  /** Every declaration, in the order of the domains: those that are called before those that call. */
  contracts(): readonly SubjectDataContract[] {
    return this.all;
  }

  /**
   * Delete or anonymize all that is declared of the subject, in one transaction, from the highest domain down. Safe
   * twice. Returns how many rows were touched in each table.
   */
  erase(kind: SubjectKind, id: string): Promise<ErasureReport> {
    return this.database.transaction(async () => {
      const report: ErasureReport = {};
      for (const contract of this.all.toReversed()) {
        const isMeant = kind === 'person' || contract.holds === 'owner';
        if (!isMeant || contract.erasure.kind === 'keep') continue;
        const set = contract.erasure.kind === 'anonymize' ? contract.erasure.set : {};
        const touched = await this.database.execute(this.statementOf(contract), { ...set, subject_id: id });
        report[contract.table] = (report[contract.table] ?? 0) + touched;
      }
      return report;
    });
  }

  private statementOf(contract: SubjectDataContract): Statement {
    let made = this.statements.get(contract);
    if (!made) this.statements.set(contract, (made = erasing(contract)));
    return made;
  }
}

function erasing({ column, erasure, table }: SubjectDataContract): Statement {
  const name = `subject-data.${table}.${column}`;
  const where = `WHERE "${column}" = :subject_id`;
  if (erasure.kind !== 'anonymize') return statement(name, `DELETE FROM "${table}" ${where}`);
  const columns = Object.keys(erasure.set).map((key) => `"${key}" = :${key}`);
  return statement(name, `UPDATE "${table}" SET ${columns.join(', ')} ${where}`);
}
