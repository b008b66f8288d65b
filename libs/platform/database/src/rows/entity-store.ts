import { Injectable } from '@nestjs/common';
import { sha256Hex } from '@platform/crypto';
import { Clock, Ids } from '@platform/kernel';
import { Database } from '../database';
import { type Dialect, type Statement, statement } from '../statement';
import { ListCursors } from './cursors';

/** What every repository made with `repositoryOf` works with. */
@Injectable()
export class EntityStore {
  private readonly repositories: { statements(): Statement[] }[] = [];

  constructor(
    readonly database: Database,
    readonly cursors: ListCursors,
    readonly clock: Clock,
    readonly ids: Ids,
  ) {}

  /** Called by each repository that is made. */
  register(repository: { statements(): Statement[] }): void {
    this.repositories.push(repository);
  }

  /** The statements that were derived from entities. */
  statements(): Statement[] {
    return this.repositories.flatMap((repository) => repository.statements());
  }
}

/**
 * A statement that bears no name of its own: it is named by its table, what it does and a digest of its text, so that it
 * is the same in every process of one version.
 */
export function derivedStatement(table: string, verb: string, sql: string | Record<Dialect, string>): Statement {
  const text = typeof sql === 'string' ? sql : sql.postgres + sql.sqlite;
  return statement(`${table.slice(0, 30)}.${verb}_${sha256Hex(text).slice(0, 10)}`, sql);
}
