import { Inject, Injectable } from '@nestjs/common';
import { DECLARATIONS } from '@platform/config';
import { BootRefused, type DomainDeclaration, type PermissionContract } from '@platform/kernel';

const NONE: ReadonlySet<string> = new Set();

/** The catalogue of all permissions that the domains of this process declare. */
@Injectable()
export class Permissions {
  private readonly contracts = new Map<string, PermissionContract>();
  /** Permissions that no API key carries. */
  readonly sessionOnly: ReadonlySet<string>;
  private readonly byRole = new Map<string, Set<string>>();

  /** @throws BootRefused when two declarations use one name */
  constructor(@Inject(DECLARATIONS) declarations: readonly DomainDeclaration[]) {
    const owners = new Map<string, string>();
    const problems: string[] = [];
    for (const domain of declarations) {
      for (const permission of domain.permissions ?? []) {
        const owner = owners.get(permission.name);
        if (owner === undefined) this.add(permission);
        else
          problems.push(
            `Permission '${permission.name}' is declared twice, by ${owner} and ${domain.name}: rename one`,
          );
        owners.set(permission.name, domain.name);
      }
    }
    if (problems.length > 0) throw new BootRefused(problems);
    this.sessionOnly = new Set(this.all().flatMap(({ name, session }) => (session ? [name] : [])));
  }

  /** All permissions, in the order of declaration. */
  all(): readonly PermissionContract[] {
    return [...this.contracts.values()];
  }

  /** Whether a domain declares the permission. */
  has(name: string): boolean {
    return this.contracts.has(name);
  }

  /** What the role may do: always the same set, so actors can share it. An unknown role may do nothing. */
  ofRole(role: string): ReadonlySet<string> {
    return this.byRole.get(role) ?? NONE;
  }

  private add(permission: PermissionContract): void {
    this.contracts.set(permission.name, permission);
    for (const role of permission.roles) {
      const held = this.byRole.get(role);
      if (held) held.add(permission.name);
      else this.byRole.set(role, new Set([permission.name]));
    }
  }
}
