import { Reflector } from '@nestjs/core';

/** What {@link AuditLog} may say besides the action. */
export interface AuditLogOptions {
  /** Where the id of the thing stands: a route parameter, a key of the job's payload or of the command's options. */
  target?: string;
  /** Kind of the thing; default: what stands before the action's last dot. */
  resource?: string;
}

/** A route, job or command that records what it does. */
export interface AuditedRule {
  readonly audited: true;
  /** `<resource>.<verb>`, stable: filters and reports name it. */
  readonly action: string;
  readonly resource: string;
  readonly target?: string;
}

/** A route, job or command that records nothing, and why. */
export interface UnauditedRule {
  readonly audited: false;
  readonly why: string;
}

/** What a route, job or command says about the audit trail. */
export type AuditRule = AuditedRule | UnauditedRule;

const ACTION = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/;
const MAX_ACTION_LENGTH = 100;

const Rule = Reflector.createDecorator<AuditRule>();

/**
 * Records who did `action` to which thing and how it ended, refusals included. On a route, job handler or command.
 *
 * ```ts
 * @AuditLog('project.archive', { target: 'id' })
 * ```
 */
export function AuditLog(action: string, options: AuditLogOptions = {}): ClassDecorator & MethodDecorator {
  if (!ACTION.test(action) || action.length > MAX_ACTION_LENGTH) {
    throw new Error(
      `@AuditLog('${action}'): name the action <resource>.<verb> in lower case, such as 'project.archive'`,
    );
  }
  const resource = options.resource ?? action.slice(0, action.lastIndexOf('.'));
  return once(Object.freeze({ audited: true, action, resource, target: options.target }));
}

/** Says that nothing is recorded, and why: a state-changing route or job that says neither stops the boot. */
export function NoAudit(why: string): ClassDecorator & MethodDecorator {
  if (why.trim() === '') throw new Error('@NoAudit(): say in a few words why nothing needs to be recorded');
  return once(Object.freeze({ audited: false, why }));
}

function once(rule: AuditRule): ClassDecorator & MethodDecorator {
  return (target: object, property?: string | symbol, descriptor?: PropertyDescriptor) => {
    // Nest keeps the metadata of a method on the function itself; a class is a function, too.
    const decorated = (descriptor?.value ?? target) as () => void;
    if (Reflect.hasOwnMetadata(Rule.KEY, decorated)) {
      const place = descriptor ? `${target.constructor.name}.${String(property)}` : (target as { name?: string }).name;
      throw new Error(`${place} carries two of @AuditLog and @NoAudit: keep one`);
    }
    Rule(rule)(decorated);
  };
}

/** What a handler says, or else its class; undefined when both are silent. */
export function auditRuleOf(handler: object, owner?: object): AuditRule | undefined {
  const own = Reflect.getMetadata(Rule.KEY, handler) as AuditRule | undefined;
  return own ?? (owner && (Reflect.getMetadata(Rule.KEY, owner) as AuditRule | undefined));
}
