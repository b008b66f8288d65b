import { RequestMethod, type Type } from '@nestjs/common';
import { type RateLimitKey } from '@platform/security';
import { UNLIMITED, type StatedRoute } from './route-plan';

/** What a route may refer to. */
export interface KnownNames {
  permission(name: string): boolean;
  policy(name: string): boolean;
  readonly policies: readonly string[];
  /** Whether a domain of this process binds the port. */
  bound(port: PortName): boolean;
  /** Whether a domain of this process provides the key. */
  provided(key: Type<RateLimitKey>): boolean;
}

/** The ports that decorators rely on. */
export type PortName = 'Authenticator' | 'BrowserSessions' | 'Tenancy' | 'FeatureGate' | 'UsageLedger' | 'QuotaLedger';

/** What is wrong with a route, each with its fix; empty when it may be served. */
export function problemsOf(route: StatedRoute, path: string, known: KnownNames): string[] {
  const place = `${route.name} (${RequestMethod[route.method]} ${path})`;
  return [
    ...accessProblems(route, known),
    ...nameProblems(route, known),
    ...(route.limitProblems ?? []),
    ...keyProblems(route, known),
    ...writeProblems(route),
    ...browserProblems(route),
    ...portProblems(route, known),
  ].map((problem) => `${place} ${problem}`);
}

function accessProblems({ access, stepUp }: StatedRoute, known: KnownNames): string[] {
  if (!access) return ["says neither @Can nor @Public: add @Can('<permission>') or @Public('<why>')"];
  if (access.kind === 'public') {
    return stepUp ? ['says @StepUp and @Public: nobody has proved anything on a public route, remove one of them'] : [];
  }
  if (known.permission(access.permission)) return [];
  return [
    `asks for the unknown permission '${access.permission}': declare it with definePermissions() in the domain's ` +
      'contract and list it in @Domain({ permissions })',
  ];
}

function nameProblems({ rateLimit }: StatedRoute, known: KnownNames): string[] {
  if (rateLimit === undefined || rateLimit === UNLIMITED || known.policy(rateLimit)) return [];
  return [`names the unknown rate-limit policy '${rateLimit}': use one of ${known.policies.join(', ')}, ${UNLIMITED}`];
}

function keyProblems({ access, body, rateLimit, rateLimitKey }: StatedRoute, known: KnownNames): string[] {
  if (!rateLimitKey) return [];
  const says = `says @RateLimit('${rateLimit}', ${rateLimitKey.name}), but`;
  if (access?.kind !== 'public')
    return [`${says} not @Public: whoever signed in is counted as themselves, remove the key`];
  if (body !== 'json') return [`${says} takes no JSON body that the key could be read from: remove the key`];
  return known.provided(rateLimitKey)
    ? []
    : [`${says} nothing provides ${rateLimitKey.name}: add it to the providers of the domain's API module`];
}

function writeProblems({ changes, audit, idempotent, method }: StatedRoute): string[] {
  const problems: string[] = [];
  if (changes && !audit) {
    problems.push(
      "changes state and says neither @AuditLog nor @NoAudit: add @AuditLog('<resource>.<verb>') or @NoAudit('<why>')",
    );
  }
  if (idempotent && method !== RequestMethod.POST) {
    problems.push('says @Idempotent but is no POST: remove it, the other methods are idempotent by their meaning');
  }
  return problems;
}

function browserProblems({ changes, inBrowser }: StatedRoute): string[] {
  // Another site can make a browser send its cookie.
  return changes && inBrowser
    ? ['says @InBrowser and changes state: such a page only reads, what changes takes a bearer token']
    : [];
}

function portProblems({ access, feature, inBrowser, metric, quota }: StatedRoute, known: KnownNames): string[] {
  const needed: [PortName, string | undefined][] = [
    ['Authenticator', access?.kind === 'permission' ? '@Can' : undefined],
    ['BrowserSessions', inBrowser && '@InBrowser'],
    ['FeatureGate', feature && `@RequireFeature('${feature}')`],
    ['UsageLedger', metric && `@Meter('${metric}')`],
    ['QuotaLedger', quota && `@Quota('${quota}')`],
  ];
  return needed
    .filter(([port, decorator]) => decorator && !known.bound(port))
    .map(([port, decorator]) => `says ${decorator}, but nothing binds ${port}: import the domain that provides it`);
}
