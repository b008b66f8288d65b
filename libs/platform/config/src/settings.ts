import { BootRefused, type Constructor } from '@platform/kernel';
import { z } from 'zod';
import { type Environment } from './environment';
import { eachRule, guarded, lookup, type OtherSections } from './rules';
import { strayNames } from './stray-names';

/** One setting: the environment variable, how to read it, and what the operator needs to know. */
export interface SettingDefinition<T = unknown> {
  /** Upper snake case, as in the environment. */
  readonly key: string;
  readonly schema: z.ZodType<T>;
  /** One sentence with unit and bounds; printed by `omni settings` and into `.env.example`. */
  readonly summary: string;
  /** Never printed. */
  readonly secret: boolean;
  /** What `.env.example` shows; defaults to the schema's own default. */
  readonly example?: string;
}

type Values<D extends Record<string, SettingDefinition>> = {
  readonly [K in keyof D]: D[K] extends SettingDefinition<infer T> ? T : never;
};

/** A class made by {@link settings}: inject it, read typed properties. */
export interface SettingsClass<V = object> {
  new (values: V): V;
  readonly section: string;
  readonly definitions: Record<string, SettingDefinition>;
  /**
   * Names of this section that are read no more → what to set instead; `NAME_*` stands for all that begin so. The boot
   * names those that are set.
   */
  readonly replaced?: Readonly<Record<string, string>>;
  /** Rules between settings, of other sections too: boot problems, each with its fix. See {@link eachRule}. */
  check?(values: V, other: OtherSections): string[];
  /** What lets the process start and its operator should know, as {@link check}. */
  advise?(values: V, other: OtherSections): string[];
}

/** Describe one environment variable. */
export function setting<T>(
  key: string,
  schema: z.ZodType<T>,
  summary: string,
  options: { secret?: boolean; example?: string } = {},
): SettingDefinition<T> {
  return { key, schema, summary, secret: options.secret ?? false, example: options.example };
}

/**
 * Base class of a settings section.
 *
 * ```ts
 * export class ProjectsConfig extends settings('projects', {
 *   retentionDays: setting('PROJECTS_RETENTION_DAYS', integer(1, 3650).default(30), 'Days until …'),
 * }) {}
 * ```
 */
export function settings<D extends Record<string, SettingDefinition>>(
  section: string,
  definitions: D,
): SettingsClass<Values<D>> {
  return class {
    static readonly section = section;
    static readonly definitions = definitions;
    constructor(values: Values<D>) {
      Object.assign(this, values);
    }
  } as unknown as SettingsClass<Values<D>>;
}

type Section = Constructor<object> & SettingsClass;

/** The values of every section, read from the environment once. */
export class LoadedSettings {
  private constructor(
    private readonly sections: ReadonlyMap<object, object>,
    /** Variables that are set and read by nobody, one line each. */
    readonly strayNames: readonly string[],
    /** What the sections advise. */
    readonly advice: readonly string[],
  ) {}

  /**
   * Read and check all sections together. White space around a value is left out; an empty one counts as unset.
   * @throws BootRefused naming every problem at once, never a value; variables that nobody reads too, for one of them
   * may be the setting that is missing.
   */
  static load(sections: Iterable<Constructor>, environment: Environment): LoadedSettings {
    // Every declared section was made by settings().
    const read = ([...new Set(sections)] as Section[]).map((section) => readSection(section, environment));
    const other = lookup(new Map(read.map(({ section, values }) => [section, values])));
    const problems = read.flatMap(({ problems: own, section, values }) => [
      ...own,
      ...eachRule(() => section.check?.(values, other)),
    ]);
    const stray = strayNames(knownNames(read.map(({ section }) => section)), environment);
    if (problems.length > 0) throw new BootRefused([...problems, ...stray]);
    const advice = read.flatMap(({ section, values }) => section.advise?.(values, other) ?? []);
    return new LoadedSettings(new Map(read.map(({ section, values }) => [section, values])), stray, advice);
  }

  /** @throws Error when the section was not loaded: its domain does not declare it. */
  get<T>(section: Constructor<T>): T {
    const found = this.sections.get(section);
    if (!found) throw new Error(`${section.name} is not declared: add it to \`settings\` of the domain's @Domain`);
    return found as T;
  }
}

interface ReadSection {
  readonly section: Section;
  /** An instance; reading a property that has a problem ends the rule that does. */
  readonly values: object;
  readonly problems: readonly string[];
}

function readSection(section: Section, environment: Environment): ReadSection {
  const values: Record<string, unknown> = {};
  const problems = new Map<string, string>();
  for (const [property, definition] of Object.entries(section.definitions)) {
    const text = environment[definition.key]?.trim() || undefined;
    const result = definition.schema.safeParse(text);
    if (result.success) values[property] = result.data;
    else problems.set(property, describeProblem(`${section.section}.${property}`, definition, text, result.error));
  }
  const instance = guarded(new section(values), new Set(problems.keys()));
  return { section, values: instance, problems: [...problems.values()] };
}

function knownNames(sections: readonly Section[]) {
  const definitions = sections.flatMap((section) => Object.values(section.definitions));
  return {
    settings: new Set(definitions.map(({ key }) => key)),
    replaced: Object.assign({}, ...sections.map((section) => section.replaced)) as Record<string, string>,
  };
}

function describeProblem(
  place: string,
  { key, summary }: SettingDefinition,
  text: string | undefined,
  error: z.ZodError,
): string {
  const help = `${summary.replace(/\.$/, '')}; see .env.example`;
  if (text === undefined) return `Set ${key} (${place}): ${help}`;
  const reasons = error.issues.map((issue) => issue.message).join('; ');
  return `Correct ${key} (${place}): ${reasons}. ${help}`;
}
