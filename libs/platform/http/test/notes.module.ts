import { Injectable, Module } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { col, Database, IdColumn, MigrationKit, statement, TextColumn, VersionNumberColumn } from '@platform/database';
import {
  AccessDenied,
  type Actor,
  AuthenticationFailed,
  definePermissions,
  Domain,
  Ids,
  NotFound,
  PreconditionFailed,
  ServiceUnavailable,
} from '@platform/kernel';
import { Authenticator, type CallKey, type LimitedCall, RateLimitKey } from '@platform/security';
import { type IncomingHttpHeaders } from 'node:http';
import { Entity, type MigrationInterface, type QueryRunner } from 'typeorm';

/** The rows that the probe routes work on. */
@Entity('notes')
export class Note {
  @IdColumn() id: string;
  @TextColumn({ length: 100, unique: true }) name: string;
  @VersionNumberColumn() version: number;
}

/** Makes the table of {@link Note}. */
class CreateNotes1700000000001 implements MigrationInterface {
  name = 'CreateNotes1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).createTable('notes', [
      col.id(),
      col.text('name', { length: 100, unique: true }),
      col.version(),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).dropTable('notes');
  }
}

const insert = statement('notes.insert', 'INSERT INTO notes (id, name, version) VALUES (:id, :name, 1)');
const find = statement('notes.find', 'SELECT id, name, version FROM notes WHERE id = :id');
const list = statement('notes.list', 'SELECT id, name, version FROM notes ORDER BY id LIMIT :limit OFFSET :skip');
const count = statement('notes.count', 'SELECT count(*) AS total FROM notes');
const rename = statement(
  'notes.rename',
  'UPDATE notes SET name = :name, version = version + 1 WHERE id = :id AND version = :version',
);

/** A row as the driver gives it. */
export interface NoteRow {
  id: string;
  name: string;
  version: number;
}

/** What the probe routes call. */
@Injectable()
export class NotesService {
  /** How often {@link create} ran: a replay must not raise it. */
  created = 0;
  /** Thrown by the next {@link create} after it has written. */
  failOnce?: Error;
  private held?: { reached: () => void; released: Promise<void> };

  constructor(
    private readonly database: Database,
    private readonly trail: AuditTrail,
    private readonly ids: Ids,
  ) {}

  /** Stop the next {@link create} in its tracks: `reached` tells that it is there, `release` lets it go on. */
  hold(): { reached: Promise<void>; release: () => void } {
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    this.held = { reached: reached.resolve, released: released.promise };
    return { reached: reached.promise, release: released.resolve };
  }

  async create(name: string): Promise<NoteRow> {
    this.created += 1;
    const id = this.ids.next();
    const { held } = this;
    this.held = undefined;
    held?.reached();
    await held?.released;
    return this.database.transaction(() => this.store(id, name));
  }

  private async store(id: string, name: string): Promise<NoteRow> {
    await this.database.execute(insert, { id, name });
    const { failOnce } = this;
    this.failOnce = undefined;
    if (failOnce) throw failOnce;
    this.trail.note({ resourceId: id });
    return this.read(id);
  }

  async read(id: string): Promise<NoteRow> {
    const [row] = await this.database.query<NoteRow>(find, { id });
    if (!row) throw new NotFound('Note', id);
    return row;
  }

  async page(skip: number, limit: number): Promise<{ items: NoteRow[]; total: number; skip: number; limit: number }> {
    const [counted] = await this.database.query<{ total: number }>(count);
    return {
      items: await this.database.query<NoteRow>(list, { skip, limit }),
      total: Number(counted?.total),
      skip,
      limit,
    };
  }

  async rename(id: string, name: string, version: number | undefined): Promise<NoteRow> {
    const current = await this.read(id);
    const changed = await this.database.execute(rename, { id, name, version: version ?? current.version });
    if (changed === 0) throw new PreconditionFailed('Note', id);
    return this.read(id);
  }
}

/**
 * Knows people by their bearer word: `ann` may everything, `bob` nothing, the others do not come in. `cid` may append
 * how they came: `cid.fresh` has just proved who they are, `cid.stale` an hour ago, `cid.key1` sends an API key of theirs, which
 * this authenticator wrongly gives the proof of its owner; from `cid.half` the second factor is missing,
 * `cid.acme` acts for a tenant, and `cid.left` did until now.
 */
class WordAuthenticator extends Authenticator {
  async authenticate({ headers }: { readonly headers: IncomingHttpHeaders }): Promise<Actor | null> {
    const word = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
    if (!word) return null;
    if (word === 'frozen') throw new AccessDenied('The account is deactivated');
    if (word === 'away') throw new ServiceUnavailable('No keys to check tokens with');
    const [, id = '', way] = /^(ann|bob|cid\d*)(?:\.(\w+))?$/.exec(word) ?? [];
    if (id === '') throw new AuthenticationFailed('The token does not hold');
    const permissions = new Set(id === 'bob' ? [] : ['notes.use', 'notes.of_oneself']);
    return { kind: 'user', id, permissions, ...factsOf(way, permissions) };
  }
}

function factsOf(way: string | undefined, held: ReadonlySet<string>): Partial<Actor> {
  const hourAgo = new Date(Date.now() - 3_600_000);
  if (way === 'fresh') return { authenticatedAt: new Date() };
  if (way === 'acme') return { tenantId: 'acme', tenantRole: 'member' };
  if (way === 'left') return { leftTenantId: 'acme' };
  if (way === 'stale') return { authenticatedAt: hourAgo };
  if (way === 'half') return { permissions: new Set(), withheld: held, authenticatedAt: hourAgo };
  return way === undefined ? {} : { apiKeyId: way, authenticatedAt: new Date() };
}

/** Counts by the name in the body. */
@Injectable()
export class NameKey extends RateLimitKey {
  readonly countsBy = 'name';

  of({ body }: LimitedCall): CallKey | null {
    const { name } = body as { name?: unknown };
    return typeof name === 'string' ? { value: name } : null;
  }
}

/** The tables, permissions and ports of the probe. */
@Module({
  providers: [NotesService, NameKey, { provide: Authenticator, useClass: WordAuthenticator }],
  exports: [NotesService],
})
@Domain({
  name: 'notes',
  entities: [Note],
  migrations: [CreateNotes1700000000001],
  permissions: definePermissions({
    'notes.use': { summary: 'Use notes', roles: ['user'] },
    'notes.of_oneself': { summary: 'Use what is one’s own', roles: ['user'], session: true },
    'notes.never': { summary: 'Held by nobody', roles: [] },
  }),
})
export class NotesModule {}
