import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { methodsOf } from '@platform/config';
import { auditRuleOf } from '@platform/audit';
import { BootRefused, type Constructor, type DomainEventClass, type JsonObject } from '@platform/kernel';
import { routeRules } from '@platform/security';
import { DeclaredWork } from '../declared-work';
import { type ClaimedJob } from '../ledger/job-record';
import { type Handler } from './handler';
import { bootProblemsOf } from './handler-checks';
import { HandlerPorts } from './handler-ports';
import { handlerRuleOf, type HandlerRule, type RetryPolicy } from './handler.decorators';
import { type JobRun } from './job-run';

type Method = (input: unknown, run: JobRun) => Promise<unknown>;

/** Every method of this process that does work: found once, checked, then looked up by name. */
@Injectable()
export class HandlerRegistry implements OnModuleInit {
  private handlers: readonly Handler[] = [];
  private readonly byName = new Map<string, Handler>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly declared: DeclaredWork,
    private readonly ports: HandlerPorts,
  ) {}

  /** @throws BootRefused naming each culprit and its fix: see {@link bootProblemsOf} */
  onModuleInit(): void {
    this.handlers = this.discover();
    const problems = bootProblemsOf(this.handlers, this.declared, this.ports);
    if (problems.length > 0) throw new BootRefused(problems);
    for (const handler of this.handlers) this.byName.set(`${handler.kind} ${handler.name}`, handler);
  }

  /** Who does this row; undefined when a newer release wrote it. */
  find(job: ClaimedJob): Handler | undefined {
    return this.byName.get(`${job.kind} ${job.name}`);
  }

  /** Who listens to events of this type. */
  listenersOf(eventType: string): readonly Handler[] {
    return this.handlers.filter(({ rule }) => rule.kind === 'listener' && rule.event.type === eventType);
  }

  /** Every handler, for the descriptions and the documents. */
  all(): readonly Handler[] {
    return this.handlers;
  }

  private discover(): Handler[] {
    const instances = new Set<object>();
    for (const wrapper of this.discovery.getProviders()) {
      const instance: unknown = wrapper.instance;
      if (wrapper.isDependencyTreeStatic() && instance && typeof instance === 'object') instances.add(instance);
    }
    return [...instances].flatMap(handlersOf);
  }
}

function handlersOf(instance: object): Handler[] {
  return methodsOf(instance).flatMap(({ method, name }) => {
    const rule = handlerRuleOf(method);
    return rule ? [handlerOf(rule, instance, name, method as Method)] : [];
  });
}

function handlerOf(rule: HandlerRule, instance: object, property: string, method: Method): Handler {
  const place = `${instance.constructor.name}.${property}`;
  // Through the instance: another reader may have wrapped the method there.
  const bound: Method = (input, run) =>
    (instance as Record<string, Method>)[property]?.(input, run) ?? method(input, run);
  const { feature, metric } = routeRules(method, instance.constructor as Constructor);
  return {
    kind: rule.kind,
    name: rule.kind === 'job' ? rule.contract.name : rule.kind === 'cron' ? rule.name : place,
    place,
    rule,
    audit: auditRuleOf(method, instance.constructor),
    ...retryPolicyOf(rule),
    feature,
    metric,
    call: (payload, run) => bound(rule.kind === 'listener' ? rebuilt(rule.event, payload) : payload, run),
  };
}

function rebuilt(event: DomainEventClass, payload: JsonObject) {
  return new event(payload);
}

function retryPolicyOf(rule: HandlerRule): Required<RetryPolicy> {
  if (rule.kind === 'job') {
    const { attempts, backoffMs, timeoutMs } = rule.contract;
    return { attempts, backoffMs, timeoutMs };
  }
  return { attempts: rule.kind === 'cron' ? 3 : 5, backoffMs: 1_000, timeoutMs: 300_000, ...rule.retryPolicy };
}
