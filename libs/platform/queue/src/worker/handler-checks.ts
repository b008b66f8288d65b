import { CronExpressionParser } from 'cron-parser';
import { type DeclaredWork } from '../declared-work';
import { type HandlerPorts } from './handler-ports';
import { type Handler } from './handler';

/** Everything that is wrong between what the domains declare and what this process does, each with its fix. */
export function bootProblemsOf(handlers: readonly Handler[], declared: DeclaredWork, ports: HandlerPorts): string[] {
  return [
    ...jobsWithoutHandler(handlers, declared),
    ...sharedNames(handlers),
    ...handlers.flatMap((handler) => [
      ...undeclared(handler, declared),
      ...badSchedule(handler),
      ...silent(handler),
      ...unbound(handler, ports),
    ]),
  ];
}

function jobsWithoutHandler(handlers: readonly Handler[], declared: DeclaredWork): string[] {
  const handled = new Set(handlers.filter(({ kind }) => kind === 'job').map(({ name }) => name));
  return [...declared.jobs.keys()]
    .filter((name) => !handled.has(name))
    .map(
      (name) =>
        `Job '${name}' has no handler: write a method with @JobHandler in the worker module of its domain, ` +
        "list that module in the worker's domains.ts, or remove the contract from `jobs` of its @Domain",
    );
}

function sharedNames(handlers: readonly Handler[]): string[] {
  const places = new Map<string, string[]>();
  for (const { kind, name, place } of handlers) {
    const what = kind === 'job' ? `Job '${name}'` : kind === 'cron' ? `Schedule '${name}'` : `Listener '${name}'`;
    places.set(what, [...(places.get(what) ?? []), place]);
  }
  return [...places]
    .filter(([, found]) => found.length > 1)
    .map(([what, found]) =>
      what.startsWith('Job')
        ? `${what} has ${found.length} handlers (${found.join(', ')}): keep one; several listeners hear of an event, not of a job`
        : `${what} stands for ${found.length} methods (${found.join(', ')}): rename all but one`,
    );
}

function undeclared({ rule, place }: Handler, declared: DeclaredWork): string[] {
  if (rule.kind === 'job' && declared.jobs.get(rule.contract.name) !== rule.contract) {
    return [
      `${place} handles job '${rule.contract.name}', which no domain declares: add its contract to \`jobs\` of the ` +
        '@Domain that owns it, or remove the handler',
    ];
  }
  if (rule.kind === 'listener' && declared.events.get(rule.event.type) !== rule.event) {
    return [
      `${place} listens to event '${rule.event.type}', which no domain declares: add its class to \`events\` of the ` +
        '@Domain that owns it, or remove the listener',
    ];
  }
  return [];
}

function badSchedule({ rule, place }: Handler): string[] {
  if (rule.kind !== 'cron') return [];
  try {
    CronExpressionParser.parse(rule.expression, { tz: 'UTC' });
    return [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [
      `@Cron('${rule.expression}') on ${place} is not a cron expression (${reason}): write minute hour day month weekday, ` +
        "such as '15 3 * * *'",
    ];
  }
}

function silent({ audit, place }: Handler): string[] {
  if (audit) return [];
  return [`${place} does not say what it records: add @AuditLog('<resource>.<verb>') or @NoAudit('<why>')`];
}

function unbound({ feature, metric, place }: Handler, ports: HandlerPorts): string[] {
  const needed = [
    { port: 'FeatureGate', decorator: feature && `@RequireFeature('${feature}')` },
    { port: 'UsageLedger', decorator: metric && `@Meter('${metric}')` },
  ] as const;
  return needed
    .filter(({ port, decorator }) => decorator && !ports.bound(port))
    .map(
      ({ port, decorator }) =>
        `${place} says ${decorator}, but nothing binds ${port}: import the domain that provides it`,
    );
}
