import { type Constructor } from '@platform/kernel';

/** Gives a rule the settings of another section of the process. */
export type OtherSections = <T>(section: Constructor<T>) => T;

/** A rule asked for a setting that could not be read: that one is told already, and the rule says nothing. */
class Unreadable extends Error {}

/** What a rule finds: a boot problem with its fix, several, or nothing. */
type Rule = () => string | readonly string[] | undefined;

/** What the rules find; one that needs an unreadable setting is left out and keeps no other from speaking. */
export function eachRule(...rules: readonly Rule[]): string[] {
  return rules.flatMap((rule) => {
    try {
      return rule() ?? [];
    } catch (error) {
      if (error instanceof Unreadable) return [];
      throw error;
    }
  });
}

/** The section as rules see it: an unreadable property ends the rule that reads it. */
export function guarded<T extends object>(section: T, unreadable: ReadonlySet<string>): T {
  if (unreadable.size === 0) return section;
  return new Proxy(section, {
    get(target, property, self): unknown {
      if (typeof property === 'string' && unreadable.has(property)) throw new Unreadable(property);
      return Reflect.get(target, property, self);
    },
  });
}

/** Looks sections up by class; a rule that asks for one which this process does not have is left out. */
export function lookup(sections: ReadonlyMap<object, object>): OtherSections {
  return <T>(section: Constructor<T>): T => {
    const found = sections.get(section);
    if (!found) throw new Unreadable(section.name);
    // The map holds each section under its own class.
    return found as T;
  };
}
