import { createHash } from 'node:crypto';
import { type JsonObject } from '@platform/kernel';
import { canonicalJson } from './canonical-json';

/** What the first row is chained to. */
export const GENESIS_HASH = '0'.repeat(64);

/** A row as the chain sees it: what is hashed, and its links. */
export interface ChainedRow {
  readonly id: string;
  readonly sequence: number;
  readonly prevHash: string;
  readonly rowHash: string;
  /** Every other column by its name in the table, times as ISO 8601. */
  readonly content: JsonObject;
}

/** Where a chain ends. */
export interface ChainHead {
  readonly sequence: number;
  readonly rowHash: string;
}

/** The first place where a chain does not hold. */
export interface BrokenLink {
  /** Id of the row that does not fit; null when what is wrong is the end of the chain. */
  readonly id: string | null;
  readonly sequence: number;
  readonly reason: string;
}

/** SHA-256 of the row's content in its canonical form, lower-case hex. */
export function contentHash(content: JsonObject): string {
  return sha256(canonicalJson(content));
}

/** SHA-256 that ties a content to its position and to all rows before it. PostgreSQL computes the same in SQL. */
export function linkHash(prevHash: string, sequence: number, hashOfContent: string): string {
  return sha256(`${prevHash}:${sequence}:${hashOfContent}`);
}

/**
 * Walks a chain in the order of its positions, one row in memory at a time, and stops at what does not fit.
 * The hash of a row is not a secret, so hashes are compared as they are.
 */
export class ChainWalk {
  private at: ChainHead = { sequence: 0, rowHash: GENESIS_HASH };

  /** @param anchor an earlier head that was kept elsewhere: the chain must still pass through it. */
  constructor(private readonly anchor?: ChainHead) {}

  /** Rows that fit so far. */
  get rows(): number {
    return this.at.sequence;
  }

  /** Take the next row; returns what is wrong with it, if anything is. */
  step(row: ChainedRow): BrokenLink | undefined {
    const reason = this.fault(row);
    if (reason) return { id: row.id, sequence: row.sequence, reason };
    this.at = row;
    return undefined;
  }

  /** After the last row: whether it is where the chain is said to end. */
  finish(head: ChainHead): BrokenLink | undefined {
    const { rowHash, sequence } = this.at;
    const broken = (reason: string): BrokenLink => ({ id: null, sequence, reason });
    if (sequence < head.sequence) {
      return broken(`rows ${sequence + 1} to ${head.sequence} are missing from the end: they were deleted`);
    }
    if (sequence > head.sequence) {
      return broken(`audit_heads says that the chain ends at ${head.sequence}: it was set back, or rows were inserted`);
    }
    if (rowHash !== head.rowHash)
      return broken('the hash in audit_heads is not that of the last row: one was rewritten');
    if (this.anchor && this.anchor.sequence > sequence) {
      return broken(
        `the chain ends before the anchor ${this.anchor.sequence}: rows were deleted and the head set back`,
      );
    }
    return undefined;
  }

  private fault(row: ChainedRow): string | undefined {
    const expected = this.at.sequence + 1;
    if (row.sequence > expected) return `rows ${expected} to ${row.sequence - 1} before it are missing: deleted`;
    if (row.sequence < expected) return `its position ${row.sequence} was not given by the chain: inserted`;
    if (row.prevHash !== this.at.rowHash) {
      return 'its prev_hash is not the hash of the row before: rows were reordered, inserted or rewritten';
    }
    if (row.rowHash !== linkHash(row.prevHash, row.sequence, contentHash(row.content))) {
      return 'its content does not have its hash: changed after it was written';
    }
    if (this.anchor?.sequence === row.sequence && this.anchor.rowHash !== row.rowHash) {
      return 'its hash is not the one of the anchor: the chain was rewritten up to here';
    }
    return undefined;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
