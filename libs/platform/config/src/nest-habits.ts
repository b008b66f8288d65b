import { Scope } from '@nestjs/common';
import {
  GUARDS_METADATA,
  PARAMTYPES_METADATA,
  PROPERTY_DEPS_METADATA,
  SCOPE_OPTIONS_METADATA,
  SELF_DECLARED_DEPS_METADATA,
} from '@nestjs/common/internal';
import { declarationOf } from '@platform/kernel';
import { type DeclaredModule, moduleClassOf, modulesIn } from './module-graph';
import { sourceFileOf } from './source-file';

// Any class or function that a decorator or an injection names.
type Named = { readonly name: string; readonly prototype?: object };

/** A controller or a provider, as far as its metadata tells of it. */
interface Part {
  /** `GardenService (libs/garden/src/garden.service.ts)`. */
  readonly place: string;
  readonly type?: Named;
  /** What its constructor, its properties or its factory ask for. */
  readonly injected: readonly unknown[];
  readonly scope?: Scope;
}

/** A way of Nest that would go past the platform. */
interface Habit {
  /** The module of the package; a domain that imports it means the habit. */
  readonly module?: string;
  /** What the refusal says of the place. */
  readonly says: string;
  readonly instead: string;
  seen?(part: Part): boolean;
  /** Whether a method says it. */
  onMethod?(method: object): boolean;
  /** A guard of a route, a controller or the process. */
  isGuard?(guard: Named): boolean;
}

const HABITS: readonly Habit[] = [
  {
    module: 'ThrottlerModule',
    says: 'uses ThrottlerGuard or a ThrottlerModule of its own, which would count every call a second time, by address alone',
    instead:
      'remove it: every route is counted, @Throttle and @SkipThrottle are read without it, and ' +
      "@RateLimit('<policy>') names a policy of the settings",
    isGuard: (guard) => inheritsFrom(guard, 'ThrottlerGuard'),
  },
  {
    says: 'uses AuthGuard of @nestjs/passport, which knows neither our sessions nor our permissions',
    instead: "remove it: @Can('<permission>') lets signed-in callers in who hold it, @Public('<why>') everybody",
    // The class that AuthGuard() makes has a random name.
    isGuard: ({ prototype }) => has(prototype, 'getAuthenticateOptions') && has(prototype, 'handleRequest'),
  },
  {
    module: 'TypeOrmModule',
    says: 'uses a TypeORM repository (@InjectRepository, TypeOrmModule.forFeature), whose queries run outside the transaction of the request and for any caller',
    instead:
      'list the entity in @Domain({ entities }) and inject a class of the domain that extends repositoryOf(<Entity>) of ' +
      '@platform/database, whose lookups take the actor first, as in libs/projects/src/project.repository.ts',
    seen: ({ injected }) => injected.some((token) => typeof token === 'string' && token.endsWith('Repository')),
  },
  {
    module: 'ConfigModule',
    says: 'uses ConfigService of @nestjs/config, which reads settings that nobody has checked or described',
    instead:
      "declare them in <domain>.config.ts (class extends settings('<domain>', { … }) of @platform/config), list the class " +
      'in @Domain({ settings }) and inject it',
    seen: ({ injected }) => injected.some((token) => inheritsFrom(token, 'ConfigService')),
  },
  {
    module: 'ScheduleModule',
    says: 'uses @Cron, @Interval or @Timeout of @nestjs/schedule, which every process would run for itself',
    instead:
      "write @Cron('<expression>', { name: '<domain>.<verb>' }) of @platform/queue in a *.schedule.ts on the worker's " +
      'side: it runs once per cluster',
    onMethod: (method) => Reflect.hasMetadata('SCHEDULER_TYPE', method),
  },
  {
    module: 'EventEmitterModule',
    says: 'uses @nestjs/event-emitter (@OnEvent, EventEmitter2), whose events are lost with the process and told before the commit',
    instead:
      'declare the event with domainEvent() in the contract, publish it with Events of @platform/queue, and hear it in a ' +
      "method with @OnDomainEvent(<Event>) on the worker's side",
    // Its class is named as Node's own is.
    seen: ({ injected }) => injected.some((token) => isClass(token) && has(token.prototype, 'emitAsync')),
    onMethod: (method) => Reflect.hasMetadata('EVENT_LISTENER_METADATA', method),
  },
  {
    says: 'is in request scope (Scope.REQUEST, @Inject(REQUEST)), so it would be made for every call before the call is counted and its caller is known',
    instead:
      'take what differs from call to call as a parameter: @CurrentActor() in the controller, the actor first in the service',
    seen: ({ injected, scope }) => scope === Scope.REQUEST || injected.includes('REQUEST'),
  },
];

/**
 * What domains bring that the platform would not see, each with its place and its fix. Metadata is read before anything
 * is constructed: Nest's own message would be about what it cannot inject. The platform's own modules are not judged.
 */
export function habitProblems(modules: readonly object[]): string[] {
  const judged = modulesIn(modules, (module) => !isPlatform(module) && !habitOf(module));
  return [...new Set(judged.flatMap(problemsIn))];
}

function isPlatform(module: object): boolean {
  return declarationOf(module)?.name.startsWith('platform/') === true;
}

/** The habit that importing this module means. */
function habitOf(imported: unknown): Habit | undefined {
  const module = moduleClassOf(imported);
  if (!isClass(module) || isPlatform(module)) return undefined;
  return HABITS.find((habit) => habit.module === module.name);
}

function problemsIn({ controllers, imports, module, providers }: DeclaredModule): string[] {
  const imported = imports.map(habitOf).filter((habit) => habit !== undefined);
  const parts = [...controllers, ...providers].flatMap((one) => partOf(one, module as Named) ?? []);
  return [
    ...imported.map((habit) => problem(placeOf(module as Named), habit)),
    ...parts.flatMap((part) => HABITS.flatMap((habit) => placesOf(habit, part).map((place) => problem(place, habit)))),
  ];
}

function problem(place: string, { instead, says }: Habit): string {
  return `${place} ${says}: ${instead}`;
}

function partOf(one: unknown, module: Named): Part | undefined {
  if (typeof one === 'function') return partOfClass(one);
  if (typeof one !== 'object' || one === null) return undefined;
  const {
    inject = [],
    provide,
    scope,
    useClass,
  } = one as {
    inject?: unknown[];
    provide?: unknown;
    scope?: Scope;
    useClass?: Named;
  };
  if (useClass) return { ...partOfClass(useClass), ...(scope !== undefined && { scope }) };
  const name = typeof provide === 'function' ? provide.name : String(provide);
  return { place: `${name} of ${placeOf(module)}`, injected: inject.map(tokenOf), scope };
}

function partOfClass(type: Named): Part {
  const declared = (Reflect.getMetadata(SELF_DECLARED_DEPS_METADATA, type) ?? []) as { param: unknown }[];
  const properties = (Reflect.getMetadata(PROPERTY_DEPS_METADATA, type) ?? []) as { type: unknown }[];
  const types = (Reflect.getMetadata(PARAMTYPES_METADATA, type) ?? []) as unknown[];
  const options = Reflect.getMetadata(SCOPE_OPTIONS_METADATA, type) as { scope?: Scope } | undefined;
  const injected = [...types, ...declared.map(({ param }) => param), ...properties.map((property) => property.type)];
  return { place: placeOf(type), type, injected: injected.map(tokenOf), scope: options?.scope };
}

/** `{ token: X, optional: true }` asks for X. */
function tokenOf(asked: unknown): unknown {
  return typeof asked === 'object' && asked !== null && 'token' in asked ? asked.token : asked;
}

/** Where in `part` the habit shows: the part itself, or its methods. */
function placesOf(habit: Habit, part: Part): string[] {
  const { place, type } = part;
  const isGuarded = (target: object): boolean =>
    ((Reflect.getOwnMetadata(GUARDS_METADATA, target) ?? []) as (Named | object)[]).some((guard) =>
      habit.isGuard?.(typeof guard === 'function' ? (guard as Named) : (guard.constructor as Named)),
    );
  const isWhole = habit.seen?.(part) === true || (type && (habit.isGuard?.(type) || isGuarded(type)));
  const methods = type ? methodsOf(type) : [];
  return [
    ...(isWhole ? [place] : []),
    ...methods
      .filter(([, method]) => habit.onMethod?.(method) || isGuarded(method))
      .map(([name]) => place.replace(/^[^ ]+/, (own) => `${own}.${name}`)),
  ];
}

function methodsOf({ prototype }: Named): [string, object][] {
  const found = new Map<string, object>();
  for (let level = prototype; level && level !== Object.prototype; level = Object.getPrototypeOf(level) as object) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      if (typeof value === 'function' && name !== 'constructor' && !found.has(name)) found.set(name, value as object);
    }
  }
  return [...found];
}

function isClass(value: unknown): value is Named {
  return typeof value === 'function';
}

function inheritsFrom(type: unknown, name: string): boolean {
  for (let one = type; typeof one === 'function'; one = Object.getPrototypeOf(one)) if (one.name === name) return true;
  return false;
}

function has(prototype: object | undefined, method: string): boolean {
  return prototype !== undefined && method in prototype;
}

function placeOf(type: Named): string {
  const file = sourceFileOf(type);
  return file === undefined ? type.name : `${type.name} (${file})`;
}
