import { Injectable } from '@nestjs/common';
import { repositoryOf, statement, toDate } from '@platform/database';
import { type Json, type JsonObject, type Page, type PageQuery } from '@platform/kernel';
import { type ChainedRow, type ChainHead, contentHash, linkHash } from './audit-chain';
import { AuditRow } from './entities/audit-row.entity';

/** What a row says, without its links; the names are those of the columns. */
export type AuditContent = JsonObject & { id: string; created_at: string; details: JsonObject };

/** Which rows a list shows; what is absent does not matter. Dates are inclusive. */
export interface AuditFilter extends PageQuery {
  readonly actorId?: string;
  readonly action?: string;
  readonly resourceType?: string;
  readonly resourceId?: string;
  readonly startDate?: Date;
  readonly endDate?: Date;
}

const CONTENT_COLUMNS = [
  'id',
  'created_at',
  'actor_id',
  'actor_email',
  'actor_role',
  'impersonator_id',
  'action',
  'outcome',
  'description',
  'resource_type',
  'resource_id',
  'details',
  'ip_address',
  'user_agent',
  'request_id',
] as const;

const COLUMNS = [...CONTENT_COLUMNS, 'sequence', 'prev_hash', 'row_hash'].join(', ');
const CONTENT_VALUES = CONTENT_COLUMNS.map((column) => `:${column}`).join(', ');

/**
 * PostgreSQL: one round trip. Updating the head row waits for whoever appended before and reads what they left (READ
 * COMMITTED), so no two rows get one position; the server computes `linkHash`.
 */
const CHAIN_AND_INSERT = `
  WITH head AS (
    UPDATE audit_heads SET sequence = sequence + 1, prev_hash = row_hash,
      row_hash = encode(sha256(convert_to(
        row_hash || ':' || CAST(sequence + 1 AS text) || ':' || CAST(:content_hash AS text), 'UTF8')), 'hex')
    WHERE name = 'audit_logs'
    RETURNING sequence, prev_hash, row_hash)
  INSERT INTO audit_logs (${COLUMNS})
  SELECT ${CONTENT_VALUES}, head.sequence, head.prev_hash, head.row_hash FROM head`;

const APPEND_POSTGRES = statement('audit.append', { postgres: CHAIN_AND_INSERT });

// SQLite has no SHA-256; BEGIN IMMEDIATE lets one writer in, so reading the head first is safe.
const READ_HEAD = statement('audit.read-head', `SELECT sequence, row_hash FROM audit_heads WHERE name = 'audit_logs'`);
const MOVE_HEAD = statement(
  'audit.move-head',
  `UPDATE audit_heads SET sequence = :sequence, prev_hash = :prev_hash, row_hash = :row_hash WHERE name = 'audit_logs'`,
);
const INSERT = statement(
  'audit.insert',
  `INSERT INTO audit_logs (${COLUMNS}) VALUES (${CONTENT_VALUES}, :sequence, :prev_hash, :row_hash)`,
);

const BATCH = statement(
  'audit.batch',
  `SELECT ${COLUMNS} FROM audit_logs WHERE sequence > :after ORDER BY sequence LIMIT :size`,
);
// One statement, one snapshot: the head and the last row belong together, whoever appends meanwhile.
const ENDS = statement(
  'audit.ends',
  `SELECT sequence, row_hash, (SELECT max(sequence) FROM audit_logs) AS last
   FROM audit_heads WHERE name = 'audit_logs'`,
);

interface RawHead {
  sequence: number | string;
  row_hash: string;
}

type RawRow = Record<(typeof CONTENT_COLUMNS)[number], Json> &
  RawHead & { prev_hash: string; created_at: Date | string };

/** The tables of the trail. */
@Injectable()
export class AuditRows extends repositoryOf(AuditRow, { resource: 'AuditLog' }) {
  private readonly any = this.rows('TRUE');
  private readonly newest = this.any
    .filteredBy({
      actorId: 'actor_id = :actorId',
      action: 'action = :action',
      resourceType: 'resource_type = :resourceType',
      resourceId: 'resource_id = :resourceId',
      startDate: 'created_at >= :startDate',
      endDate: 'created_at <= :endDate',
    })
    .orderedBy('sequence DESC');

  /** Add one row at the end of the chain. Needs a transaction; the chain stays locked until it ends. */
  async append(content: AuditContent): Promise<void> {
    const hash = contentHash(content);
    const added =
      this.database.dialect === 'postgres'
        ? await this.database.execute(APPEND_POSTGRES, { ...content, content_hash: hash })
        : await this.appendOnSqlite(content, hash);
    if (added !== 1) throw missingHead();
  }

  private async appendOnSqlite(content: AuditContent, hash: string): Promise<number> {
    const head = await this.head();
    const sequence = head.sequence + 1;
    const links = { sequence, prev_hash: head.rowHash, row_hash: linkHash(head.rowHash, sequence, hash) };
    await this.database.execute(MOVE_HEAD, links);
    return this.database.execute(INSERT, { ...content, ...links });
  }

  /** Where the chain ends now. */
  async head(): Promise<ChainHead> {
    const [head] = await this.database.query<RawHead>(READ_HEAD);
    if (!head) throw missingHead();
    return { sequence: Number(head.sequence), rowHash: head.row_hash };
  }

  /** The head, and the position of the last row there is (0 when there is none), as of one instant. */
  async ends(): Promise<{ head: ChainHead; last: number }> {
    const [ends] = await this.database.query<RawHead & { last: number | string | null }>(ENDS);
    if (!ends) throw missingHead();
    return { head: { sequence: Number(ends.sequence), rowHash: ends.row_hash }, last: Number(ends.last ?? 0) };
  }

  /** Every row in the order of the chain, read `size` at a time. */
  async *inOrder(size = 500): AsyncGenerator<ChainedRow> {
    let after = Number.MIN_SAFE_INTEGER;
    for (;;) {
      const rows = await this.database.query<RawRow>(BATCH, { after, size });
      for (const row of rows) yield chainedRow(row);
      const last = rows.at(-1);
      if (!last || rows.length < size) return;
      after = Number(last.sequence);
    }
  }

  /** Newest first. @throws ValidationFailed for a cursor of another list */
  page(filter: AuditFilter): Promise<Page<AuditRow>> {
    return this.newest.page({}, filter);
  }

  /** @throws NotFound */
  mustFind(id: string): Promise<AuditRow> {
    return this.any.mustFind({ id });
  }
}

function chainedRow(row: RawRow): ChainedRow {
  const content: JsonObject = {};
  for (const column of CONTENT_COLUMNS) content[column] = row[column];
  content.created_at = isoText(row.created_at);
  content.details = detailsOf(row.details);
  return {
    id: row.id as string,
    sequence: Number(row.sequence),
    prevHash: row.prev_hash,
    rowHash: row.row_hash,
    content,
  };
}

// A row that somebody changed by hand may hold anything: what cannot be read is hashed as it stands, and does not fit.
function isoText(value: Date | string): string {
  const date = toDate(value);
  return Number.isNaN(date.getTime()) ? String(value) : date.toISOString();
}

function detailsOf(value: Json): Json {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

function missingHead(): Error {
  return new Error(`audit_heads has no row 'audit_logs': run \`npm run omni -- db migrate\` on an empty database`);
}
