import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { methodsOf } from '@platform/config';
import { BootRefused } from '@platform/kernel';

/** `critical`: wrong data that must be mended; `warning`: doubtful; `info`: worth a look. */
export type Severity = 'critical' | 'warning' | 'info';

/** What a rule says about itself. */
export interface IntegrityRuleOptions {
  /** `<domain>.<rule>`, unique and stable. */
  id: string;
  severity: Severity;
  /** What should hold, in one sentence. */
  summary: string;
}

/** One row that breaks a rule. */
export interface Violation {
  table: string;
  id: string;
  /** What is wrong with it, for the operator. */
  description: string;
}

/** A violation with the rule that it breaks. */
export type BrokenRule = Violation & { rule: string; severity: Severity };

type Search = () => AsyncGenerator<Violation>;
type Rule = IntegrityRuleOptions & { search: Search };

const RULE = Symbol('omnistack.integrity-rule');

/** Method decorator of an async generator that yields each row which breaks the rule; `integrity` of its `@Domain` lists the class. */
export function IntegrityRule(
  options: IntegrityRuleOptions,
): (target: object, property: string | symbol, descriptor: TypedPropertyDescriptor<Search>) => void {
  return (_target, _property, { value }) => {
    if (value) Reflect.defineMetadata(RULE, options, value);
  };
}

/** Runs the integrity rules that the domains of this process declare. */
@Injectable()
export class Integrity {
  constructor(private readonly discovery: DiscoveryService) {}

  /** Every rule, in the order of ids. @throws BootRefused when two have one id */
  rules(): readonly IntegrityRuleOptions[] {
    return this.find().map(({ id, severity, summary }) => ({ id, severity, summary }));
  }

  /** All that breaks a rule, row by row; of the named rule only, if one is named. */
  async *check(id?: string): AsyncGenerator<BrokenRule> {
    for (const rule of this.find().filter((each) => id === undefined || each.id === id)) {
      for await (const violation of rule.search()) yield { ...violation, rule: rule.id, severity: rule.severity };
    }
  }

  private find(): Rule[] {
    const rules = this.discovery.getProviders().flatMap(({ instance }) => rulesOf(instance));
    const twice = rules.find((rule, index) => rules.findIndex(({ id }) => id === rule.id) !== index);
    if (twice) throw new BootRefused([`Two integrity rules have the id '${twice.id}': rename one`]);
    return rules.sort((left, right) => (left.id < right.id ? -1 : 1));
  }
}

function rulesOf(instance: unknown): Rule[] {
  return methodsOf(instance).flatMap(({ method }) => {
    const options = Reflect.getMetadata(RULE, method) as IntegrityRuleOptions | undefined;
    // The decorator takes nothing but such a generator.
    return options ? [{ ...options, search: (method as Search).bind(instance) }] : [];
  });
}
