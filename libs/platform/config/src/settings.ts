import { BootRefused, type Constructor } from '@platform/kernel';
import { z } from 'zod';

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
  /** Checks that involve several settings; returns findings, each with its cure. */
  check?(values: V): string[];
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

/** The values of every section, read from the environment once. */
export class LoadedSettings {
  private constructor(private readonly sections: ReadonlyMap<object, object>) {}

  /**
   * Read and check all sections together. An empty string counts as unset.
   * @throws BootRefused naming every wrong key, never a value.
   */
  static load(sections: Iterable<Constructor>, environment: Record<string, string | undefined>): LoadedSettings {
    const loaded = new Map<object, object>();
    const findings: string[] = [];
    for (const section of new Set(sections) as Set<Constructor & SettingsClass>) {
      const values: Record<string, unknown> = {};
      const before = findings.length;
      for (const [property, definition] of Object.entries(section.definitions)) {
        const result = definition.schema.safeParse(environment[definition.key] || undefined);
        if (result.success) values[property] = result.data;
        else findings.push(describeProblem(section.section, property, definition, environment, result.error));
      }
      if (findings.length > before) continue;
      findings.push(...(section.check?.(values) ?? []));
      loaded.set(section, new section(values));
    }
    if (findings.length > 0) throw new BootRefused(findings);
    return new LoadedSettings(loaded);
  }

  /** @throws Error when the section was not loaded: its domain does not declare it. */
  get<T>(section: Constructor<T>): T {
    const found = this.sections.get(section);
    if (!found) throw new Error(`${section.name} is not declared: add it to \`settings\` of the domain's @Domain`);
    return found as T;
  }
}

function describeProblem(
  section: string,
  property: string,
  definition: SettingDefinition,
  environment: Record<string, string | undefined>,
  error: z.ZodError,
): string {
  const place = `${definition.key} (${section}.${property})`;
  const summary = definition.summary.replace(/\.$/, '');
  if (!environment[definition.key]) return `Set ${place}: ${summary}; see .env.example`;
  const reasons = error.issues.map((issue) => issue.message).join('; ');
  return `Correct ${place}: ${reasons}. ${summary}; see .env.example`;
}
