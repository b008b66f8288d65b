import { type AppPage } from './app-page';
import { type DomainEventClass, isDomainEventClass } from './domain-event';
import { isJobContract, type JobContract } from './job';
import { isPermissionList, type PermissionContract } from './permission';
import { type SubjectDataContract } from './subject-data';

/** A class, whatever its constructor takes. */
// The parameters of an unknown constructor have no better type than any.
// oxlint-disable-next-line typescript/no-explicit-any
export type Constructor<T = object> = new (...args: any[]) => T;

/** What a domain (or a platform part that owns tables) brings into the process; stated once, on its core module. */
export interface DomainDeclaration {
  /** Folder name of the lib, such as `projects`; platform parts write `platform/audit`. */
  readonly name: string;
  /** Every installation has it, and `omni db drop` leaves it alone: `REQUIRED` of architecture.mjs. */
  readonly required?: boolean;
  readonly entities?: readonly Constructor[];
  /** Migration classes, oldest first. Class names end in a 13-digit timestamp, which orders them across domains. */
  readonly migrations?: readonly Constructor[];
  /** Sections made with `settings()`. */
  readonly settings?: readonly Constructor[];
  readonly permissions?: readonly PermissionContract[];
  // A contract is invariant in its payload; the registry reads names only.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly jobs?: readonly JobContract<any>[];
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly events?: readonly DomainEventClass<any>[];
  /** Classes with `@IntegrityRule` methods: what `omni db integrity` asks of this domain's rows. */
  readonly integrity?: readonly Constructor[];
  /** Classes with `@Seeder`: what `omni db seed` writes for this domain. */
  readonly seeders?: readonly Constructor[];
  /** Pages of the web application that its mails and redirects lead to. */
  readonly pages?: readonly AppPage[];
  /** Tables whose rows are people or tenants: by their ids others say whose a row is. */
  readonly subjects?: readonly string[];
  /** What it holds of people and tenants, and what becomes of that when one is erased. */
  readonly subjectData?: readonly SubjectDataContract[];
}

const DECLARATION = Symbol.for('omnistack.domain');

/** A declaration whose events, jobs and permissions are what its contract exports: `contract: import * as contract`. */
export type DomainInput = DomainDeclaration & { readonly contract?: Readonly<Record<string, unknown>> };

/** Class decorator of a core module: what this domain owns and publishes. */
export function Domain({ contract = {}, ...declared }: DomainInput): ClassDecorator {
  const exported = Object.values(contract);
  const declaration: DomainDeclaration = {
    ...(exported.length > 0 && {
      permissions: exported.filter(isPermissionList).flat(),
      jobs: exported.filter(isJobContract),
      events: exported.filter(isDomainEventClass),
    }),
    ...declared,
  };
  return (target) => {
    Object.defineProperty(target, DECLARATION, { value: Object.freeze(declaration) });
  };
}

/** The declaration on a module class, if it carries one. */
export function declarationOf(module: object): DomainDeclaration | undefined {
  return Object.getOwnPropertyDescriptor(module, DECLARATION)?.value as DomainDeclaration | undefined;
}
