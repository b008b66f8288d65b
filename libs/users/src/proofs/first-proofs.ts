import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { SubjectData } from '@platform/database';
import { BootRefused } from '@platform/kernel';

/** What stays at the first proof of an address, because the proof rests on it. */
export interface ProofBasis {
  /** The session that the person came with. */
  readonly sessionId?: string;
  /** Which ways in stay: none; the password; the one that the account was made with; or all of them. */
  readonly waysIn: 'none' | 'password' | 'first' | 'all';
}

/** How many ended, by what it was: `{ "API keys": 2 }`. */
export type EndedSetUp = Readonly<Record<string, number>>;

/** Something that can be set up on an account before anybody has proved its address. */
export interface SetUpBeforeProof {
  /** Tables whose rows it ends: those that its domain declares with `firstProof: 'ends'`. */
  readonly tables: readonly string[];
  /** What it is, in the words of a mail. */
  readonly what: string;
  /** Set: it ends in the ordinary course of things, so a mail about it alone would say nothing. */
  readonly isExpected?: true;
  /** End what the account has of it, less what `basis` keeps; returns how many. Inside the transaction of the proof. */
  end(userId: string, basis: ProofBasis): Promise<number>;
}

/**
 * Who proves an address takes the account over from whoever made it: that may have been a stranger who waits for its
 * owner to come. So what was set up before the first proof ends with it. Each domain that owns some of it registers it
 * when its core module starts; the process does not start while something that is declared to end has nobody to end it.
 */
@Injectable()
export class FirstProofs implements OnApplicationBootstrap {
  private readonly registered: SetUpBeforeProof[] = [];

  constructor(private readonly subjectData: SubjectData) {}

  /** End `setUp`, too, with a first proof. */
  register(...setUp: readonly SetUpBeforeProof[]): void {
    this.registered.push(...setUp);
  }

  /** @throws BootRefused naming each table that is declared to end and is not registered, or the other way round */
  onApplicationBootstrap(): void {
    const ended = new Set(this.registered.flatMap(({ tables }) => tables));
    const declared = new Set(
      this.subjectData.contracts().flatMap(({ firstProof, table }) => (firstProof === 'ends' ? [table] : [])),
    );
    const problems = [
      ...[...declared.difference(ended)].map(
        (table) =>
          `Rows of '${table}' are declared to end with the first proof of an address, and nothing ends them: ` +
          'FirstProofs.register() it in the core module of its domain',
      ),
      ...[...ended.difference(declared)].map(
        (table) =>
          `Rows of '${table}' end with the first proof of an address, and no subject data says so: ` +
          "declare `firstProof: 'ends'` of its column",
      ),
    ];
    if (problems.length > 0) throw new BootRefused(problems);
  }

  /** End all of it; the account is locked by the caller. Returns what ended, and whether the person should hear of it. */
  async end(userId: string, basis: ProofBasis): Promise<{ ended: EndedSetUp; isNews: boolean }> {
    const ended: Record<string, number> = {};
    let isNews = false;
    for (const setUp of this.registered) {
      const count = await setUp.end(userId, basis);
      if (count === 0) continue;
      ended[setUp.what] = count;
      isNews ||= !setUp.isExpected;
    }
    return { ended, isNews };
  }
}
