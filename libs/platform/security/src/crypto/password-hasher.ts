import { pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { ServiceUnavailable } from '@platform/kernel';
import { opaqueString, unpreparedForms } from './opaque-string';

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const ARGON = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;

/** Computations at one time: each takes 19 MiB and a thread. */
const CONCURRENT = 4;
/** Callers that may wait for their turn; further ones get 503 instead of a time-out. */
const WAITING = 256;
/** More than any hash of ours has, less than a stored value could use to hold a core for minutes. */
const MOST_PBKDF2_ITERATIONS = 2_000_000;

const PBKDF2 = /^pbkdf2_sha256\$([1-9]\d{0,6})\$([A-Za-z0-9+/]{4,128}={0,2})\$([A-Za-z0-9+/]{22,128}={0,2})$/;

const derive = promisify(pbkdf2);

/** What {@link PasswordHasher.verify} found. */
export interface PasswordCheck {
  readonly ok: boolean;
  /** True on success with a hash of an older kind: store `hash(password)` in its place. */
  readonly needsRehash: boolean;
}

const WRONG: PasswordCheck = Object.freeze({ ok: false, needsRehash: false });

/** Hashes and checks passwords, a bounded number at a time. */
@Injectable()
export class PasswordHasher {
  private running = 0;
  private readonly queue: (() => void)[] = [];
  /** Has our parameters and belongs to no password: nobody knows a text that hashes to chance. */
  private readonly dummy = `$argon2id$v=19$m=${ARGON.memoryCost},t=${ARGON.timeCost},p=${ARGON.parallelism}$${chance(16)}$${chance(32)}`;

  /**
   * argon2id of the password in PHC form; of the password as RFC 8265 prepares it, so that it is the same however typed.
   * @throws ServiceUnavailable when too many wait already
   */
  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(opaqueString(password), ARGON));
  }

  /**
   * Whether the password belongs to the stored hash: argon2, or the predecessor's
   * `pbkdf2_sha256$<iterations>$<salt>$<hash>`. Anything malformed is wrong, never an error. A hash from before passwords
   * were prepared is right for the password as it was typed then, and asks for a new one.
   * @throws ServiceUnavailable when too many wait already
   */
  verify(stored: string, password: string): Promise<PasswordCheck> {
    return this.inTurn(async () => {
      const found = await check(stored, opaqueString(password));
      if (found.ok) return found;
      // As many for an unknown user: what is typed decides how long it takes, not what is stored.
      for (const form of unpreparedForms(password)) {
        if ((await check(stored, form)).ok) return { ok: true, needsRehash: true };
      }
      return WRONG;
    });
  }

  /** Take as long as a real check; for unknown users, so that the time does not tell them apart. Always false. */
  async verifyAgainstDummy(password: string): Promise<false> {
    await this.verify(this.dummy, password);
    return false;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < CONCURRENT) this.running++;
    else await this.turn();
    try {
      return await work();
    } finally {
      // The place goes to the next in line, so `running` stays as it is when there is one.
      const next = this.queue.shift();
      if (next) next();
      else this.running--;
    }
  }

  private turn(): Promise<void> {
    if (this.queue.length >= WAITING) throw new ServiceUnavailable('Too many sign-ins at once; try again', 1);
    return new Promise((resolve) => this.queue.push(resolve));
  }
}

function check(stored: string, password: string): Promise<PasswordCheck> {
  return stored.startsWith('pbkdf2_') ? checkPbkdf2(stored, password) : checkArgon(stored, password);
}

async function checkArgon(stored: string, password: string): Promise<PasswordCheck> {
  try {
    if (!(await verify(stored, password))) return WRONG;
    return { ok: true, needsRehash: !hasOurParameters(stored) };
  } catch {
    return WRONG;
  }
}

function hasOurParameters(stored: string): boolean {
  const found = parseOptions(stored);
  return (
    stored.startsWith('$argon2id$') &&
    found.memoryCost === ARGON.memoryCost &&
    found.timeCost === ARGON.timeCost &&
    found.parallelism === ARGON.parallelism &&
    found.outputLen === ARGON.outputLen
  );
}

async function checkPbkdf2(stored: string, password: string): Promise<PasswordCheck> {
  const [, iterations = '', salt = '', expected = ''] = PBKDF2.exec(stored) ?? [];
  if (!expected || Number(iterations) > MOST_PBKDF2_ITERATIONS) return WRONG;
  const expectedBytes = Buffer.from(expected, 'base64');
  const found = await derive(password, Buffer.from(salt, 'base64'), Number(iterations), expectedBytes.length, 'sha256');
  return timingSafeEqual(found, expectedBytes) ? { ok: true, needsRehash: true } : WRONG;
}

function chance(bytes: number): string {
  return randomBytes(bytes).toString('base64').replaceAll('=', '');
}
