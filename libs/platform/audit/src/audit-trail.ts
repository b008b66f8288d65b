import { Injectable } from '@nestjs/common';
import { Database } from '@platform/database';
import { type Actor, Clock, currentContext, Ids, type JsonObject, type Page, type WorkContext } from '@platform/kernel';
import { Log } from '@platform/observability';
import { type BrokenLink, type ChainHead, ChainWalk } from './audit-chain';
import { type AuditedRule } from './audit-log.decorators';
import { type AuditContent, type AuditFilter, AuditRows } from './audit-row.repository';
import { boundedDetails, storableText } from './bounded-details';
import { AUDIT_LENGTHS, type AuditOutcome, type AuditRow } from './entities/audit-row.entity';

/** What a service knows about the running work and its pipeline does not. */
export interface AuditFacts {
  resourceType?: string;
  resourceId?: string;
  description?: string;
  /** Before and after values, a reason; bounded and redacted when written. */
  details?: JsonObject;
}

/** One row to write; actor, address, user agent and request id come from the work context. */
export interface AuditEntry extends AuditFacts {
  action: string;
  /** Default `success`; {@link AuditTrail.refused} defaults to `refused`. */
  outcome?: AuditOutcome;
}

/** What {@link AuditTrail.verify} found. */
export interface AuditVerdict {
  /** Rows that fit. */
  readonly rows: number;
  /** Where the chain ended; keep it elsewhere as the anchor of the next run. */
  readonly head: ChainHead;
  readonly broken?: BrokenLink;
}

/** The entry of work that says `rule`; `source` holds its target: route parameters, a job's payload, options. */
export function auditEntryOf(rule: AuditedRule, source: Readonly<Record<string, unknown>> = {}): AuditEntry {
  const id = rule.target === undefined ? undefined : source[rule.target];
  const resourceId = typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
  return { action: rule.action, resourceType: rule.resource, resourceId };
}

/** The append-only trail. */
@Injectable()
export class AuditTrail {
  private readonly log = Log.for('audit');
  // Facts live exactly as long as the context of the work that they belong to.
  private readonly noted = new WeakMap<WorkContext, AuditFacts>();

  constructor(
    private readonly database: Database,
    private readonly rows: AuditRows,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * Add facts to the row of the running work. Later facts win over earlier ones, member by member of `details`, so work
   * that is repeated says the same once. Outside of any work (a seed, a factory) there is no row, and nothing happens.
   */
  note(facts: AuditFacts): void {
    const context = currentContext();
    if (!context) return;
    const known = this.noted.get(context);
    this.noted.set(context, { ...known, ...defined(facts), details: { ...known?.details, ...facts.details } });
  }

  /**
   * Write the row of the running work, with the facts that its services noted, which win over the entry's own. The
   * pipeline calls it once, last in the work's transaction: the chain is locked from here to the commit.
   */
  async conclude(entry: AuditEntry): Promise<void> {
    const facts = this.takeFacts();
    await this.append({ ...entry, ...facts, details: { ...entry.details, ...facts.details } });
  }

  /** Write one more row in the caller's transaction (or its own, when there is none). Append last: the chain is locked. */
  async append(entry: AuditEntry): Promise<void> {
    await this.database.transaction(() => this.rows.append(this.contentOf(entry)));
  }

  /**
   * Record what was turned away (`refused`, the default) or did not work (`failed`), in a transaction of its own that
   * outlives the caller's rollback; call it after that. What services noted as changed did not happen and is left out.
   * Never throws: the caller is already answering an error.
   */
  async refused(entry: AuditEntry): Promise<void> {
    const { resourceId, resourceType } = this.takeFacts();
    const row = { outcome: 'refused', ...entry, ...defined({ resourceId, resourceType }) } as const;
    try {
      await this.database.detached(() => this.append(row));
    } catch (error) {
      this.log.error('A refusal could not be recorded', { action: entry.action, outcome: row.outcome, error });
    }
  }

  /** Newest first. Who may read is the caller's question: the route's permission. */
  page(filter: AuditFilter): Promise<Page<AuditRow>> {
    return this.rows.page(filter);
  }

  /**
   * One row.
   * @throws NotFound
   */
  mustFind(id: string): Promise<AuditRow> {
    return this.rows.mustFind(id);
  }

  /** Where the chain ends now: a few bytes that, kept outside the database, prove everything before them. */
  head(): Promise<ChainHead> {
    return this.rows.head();
  }

  /**
   * Walk the whole chain, a batch in memory at a time, up to where it ended when the walk began; appends go on meanwhile.
   * @param anchor a head of an earlier run, kept elsewhere: also finds a chain that was rewritten as a whole
   */
  async verify(anchor?: ChainHead): Promise<AuditVerdict> {
    const { head, last } = await this.rows.ends();
    const walk = new ChainWalk(anchor);
    for await (const row of this.rows.inOrder()) {
      // Appended since the walk began: the next run's. A row beyond the head that was there already is walked.
      if (row.sequence > Math.max(head.sequence, last)) break;
      const broken = walk.step(row);
      if (broken) return { rows: walk.rows, head, broken };
    }
    return { rows: walk.rows, head, broken: walk.finish(head) };
  }

  private takeFacts(): AuditFacts {
    const context = currentContext();
    const facts = context && this.noted.get(context);
    if (context) this.noted.delete(context);
    return facts ?? {};
  }

  private contentOf(entry: AuditEntry): AuditContent {
    const context = currentContext();
    return {
      id: this.ids.next(),
      created_at: this.clock.now().toISOString(),
      ...actorColumns(context?.actor),
      action: entry.action,
      outcome: entry.outcome ?? 'success',
      description: cut(entry.description, AUDIT_LENGTHS.description),
      resource_type: cut(entry.resourceType, AUDIT_LENGTHS.resourceType),
      resource_id: cut(entry.resourceId, AUDIT_LENGTHS.resourceId),
      details: boundedDetails({ ...entry.details, ...keyOf(context?.actor) }),
      ip_address: cut(context?.clientAddress, AUDIT_LENGTHS.ipAddress),
      user_agent: cut(context?.userAgent, AUDIT_LENGTHS.userAgent),
      request_id: cut(context?.requestId, AUDIT_LENGTHS.requestId),
    };
  }
}

function actorColumns(actor: Actor | undefined): JsonObject {
  const person = actor?.kind === 'user' ? actor : undefined;
  const role = actor?.kind === 'system' ? `system:${actor.id}` : (actor?.role ?? actor?.kind);
  return {
    actor_id: cut(person?.id, AUDIT_LENGTHS.actorId),
    actor_email: cut(person?.email, AUDIT_LENGTHS.actorEmail),
    actor_role: cut(role, AUDIT_LENGTHS.actorRole),
    impersonator_id: cut(person?.impersonatorId, AUDIT_LENGTHS.actorId),
  };
}

/** Which API key acted for the person: who finds a key abroad asks what it did. */
function keyOf(actor: Actor | undefined): JsonObject {
  return actor?.apiKeyId === undefined ? {} : { by_key: actor.apiKeyId };
}

function cut(text: string | undefined, length: number): string | null {
  return text === undefined ? null : storableText(text, length);
}

function defined<T extends object>(facts: T): Partial<T> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Partial<T>;
}
