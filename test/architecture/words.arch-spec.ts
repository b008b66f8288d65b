import { execFileSync } from 'node:child_process';
import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './support/sources';

/** A word that was this repository's own, and the field's word for the same thing. */
interface Banned {
  /** Found anywhere in a line: whole identifiers and phrases, so that ordinary English stays free. */
  readonly word: RegExp;
  readonly instead: string;
}

const BANNED: readonly Banned[] = [
  {
    word: /\b[Ff]indings?\b|\b[a-z]+Findings?\b|\bfindings?(Of|In|About)\b/,
    instead: 'error, boot problem, violation',
  },
  { word: /\bcures?\b|\bCURES?\b/, instead: 'fix' },
  { word: /\b[Nn]ouns?\b|\b\w*Noun(s|Plan|Order|Options|Past)?\b|\bnounsOf\b/, instead: 'resource, term' },
  { word: /\bcensus(es)?\b|\w*Census\w*|--census\b|\bCENSUS\b/, instead: 'route registry, boot check, --describe' },
  { word: /\b[Cc]rimes?\b|\bCRIMES?\b/, instead: 'violation' },
  {
    word: /\blaws of access\b|\blaw tests?\b|\blaws-of-access\b|\blawsOfAccess\b/,
    instead: 'access rules, architecture test',
  },
  { word: /\bfront doors?\b/, instead: 'public API' },
  { word: /\bletter box(es)?\b/, instead: 'contract' },
  { word: /\b[Bb]ust(s|ed|ing)?\b|\b\w*Busts?\b|\bBustChannel\b/, instead: 'invalidate, invalidation' },
  { word: /\b\w*(Ties|Obstacles)(Registry)?\b/, instead: 'DeletionBlocker, DeletionBlockers' },
  { word: /\b\w+Letters\b/, instead: 'InvitationMails, mails' },
  { word: /\bAdmissions\b/, instead: 'Joins' },
  {
    word: /\b(Answered|begin)Exchange\b|\bexchangeOf\b|(: |<|class |type |\bnew )Exchange\b/,
    instead: 'RequestContext',
  },
  { word: /\bEdge\b|\b(the|an|our) (HTTP )?edge\b/, instead: 'EntryMiddleware, entry' },
  { word: /\bAccessJudge\b/, instead: 'Authorizer' },
  { word: /\bSocketDoor\b|\bSessionKeeper\b/, instead: 'ConnectionGuard, SessionWatcher' },
  { word: /\bopen-doors\b|\bOpenDoors\b/, instead: 'exposure' },
  { word: /\b(Trial)?Hands\b(?! )|\bRounds\b|\brouse[sd]?\b/, instead: 'Slots, BackgroundLoops, wake' },
  { word: /\b[Tt]urnstiles?\b/, instead: 'Mutex' },
  { word: /\b[Pp]atience(Of)?\b|\w*[Pp]atiently\b/, instead: 'RetryPolicy, connection profile, withRetry' },
  { word: /\b(External)?Standing\b(?! )|\bstandingOf\b/, instead: 'CredentialStatus, ExternalStatus' },
  {
    word: /\bLinkNotGood\b|\bChallengeNotGood\b|\bWrongCodeShown\b/,
    instead: 'InvalidLink, InvalidChallenge, InvalidCode',
  },
  { word: /\b([Hh]e|[Hh]is|[Hh]im(self)?)\b(?!-)/, instead: 'they, their, them' },
  { word: /\b(for|to|by|from) who\b/, instead: 'for callers who, to people who' },
  { word: /Whitelist of what leaves the process/, instead: 'nothing, or what is special about this one' },
  { word: /^\s*\*\s*(Success|Failure): /, instead: '@returns, @throws' },
];

/** History keeps its words; what is generated follows its source; this file names them all. */
const EXEMPT = [
  /^docs\/decisions\/0/,
  /^docs\/reference\//,
  /^CHANGELOG\.md$/,
  /^package-lock\.json$/,
  /^test\/architecture\/words\.arch-spec\.ts$/,
];

const TEXT = /\.(ts|mjs|cjs|js|md|json|ya?ml)$|(^|\/)(CODEOWNERS|\.env\.example|run)$/;

function wordsIn(file: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) =>
    BANNED.flatMap(({ instead, word }) => {
      const found = word.exec(line)?.[0].trim();
      return found === undefined ? [] : [`${file}:${index + 1} says "${found}": write ${instead}`];
    }),
  );
}

function pathsOf(root: string): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root });
  return listed
    .toString()
    .split('\n')
    .filter((file) => TEXT.test(file) && !EXEMPT.some((exempt) => exempt.test(file)))
    .filter((file) => existsSync(join(root, file)));
}

describe('words', () => {
  it('are the field’s, in code, messages and documents', () => {
    const files = pathsOf(ROOT);
    expect(files.length).toBeGreaterThan(500);

    const names = files.flatMap((file) => wordsIn(`${file} (its name)`, file));
    const texts = files.flatMap((file) => wordsIn(file, readFileSync(join(ROOT, file), 'utf8')));
    expect([...names, ...texts]).toEqual([]);
  });

  it.each([
    ['const findings = findingsOf(route);', 'error, boot problem, violation'],
    ['/** Names the culprit and the cure. */', 'fix'],
    ['export class RouteCensus {}', 'route registry, boot check, --describe'],
    ['function nounsOf(changes: Changes): KnownNoun[] {}', 'resource, term'],
    ['      private readonly edge: Edge,', 'EntryMiddleware, entry'],
    ['const exchange = exchangeOf(request);', 'RequestContext'],
    ['/** A law test holds it. */', 'access rules, architecture test'],
    ['  this.channel.onBust((bust) => this.bust(bust));', 'invalidate, invalidation'],
    ['export class OwnershipTies extends AccountTies {}', 'DeletionBlocker, DeletionBlockers'],
    ['await connectPatiently(source);', 'RetryPolicy, connection profile, withRetry'],
    ['throw new LinkNotGood();', 'InvalidLink, InvalidChallenge, InvalidCode'],
    ['/** The person may see what he made. */', 'they, their, them'],
    ['/** A page of all, for who may list them. */', 'for callers who, to people who'],
    ['  /** Whitelist of what leaves the process. */', 'nothing, or what is special about this one'],
    ['   * Failure: NotFound when it is somebody else’s.', '@returns, @throws'],
  ])('refuse %j', (line, instead) => {
    expect(wordsIn('libs/gardens/src/seeded.ts', `\n${line}`)).toContainEqual(
      expect.stringMatching(new RegExp(`^libs/gardens/src/seeded\\.ts:2 says ".+": write ${instead}$`)),
    );
  });

  it.each([
    'POST /public/auth/oidc/exchange',
    'details: { obstacles: blockers }',
    'evidence of who did what, of all capabilities and properties',
    'accurate, secure and acknowledged knowledge of dead letters',
    'write letters and digits',
  ])('leave %j alone', (line) => {
    expect(wordsIn('libs/gardens/src/seeded.ts', line)).toEqual([]);
  });
});
