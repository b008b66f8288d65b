import { type Constructor, declarationOf, type DomainDeclaration } from '@platform/kernel';
import { modulesIn } from './module-graph';

/** Injection token of every {@link DomainDeclaration} in the process, platform parts included. */
export const DECLARATIONS = Symbol('declarations');

/**
 * The declarations on `modules` and on all that they import, each once, in import order.
 * Reads class metadata only: nothing is constructed.
 */
export function declarationsIn(modules: readonly object[]): DomainDeclaration[] {
  return [...new Set(modulesIn(modules).flatMap(({ module }) => declarationOf(module) ?? []))];
}

/** Every settings section among the declarations. */
export function sectionsOf(declarations: readonly DomainDeclaration[]): Constructor[] {
  return [...new Set(declarations.flatMap((declaration) => declaration.settings ?? []))];
}
