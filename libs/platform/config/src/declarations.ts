import { type Constructor, declarationOf, type DomainDeclaration } from '@platform/kernel';

/** Injection token of every {@link DomainDeclaration} in the process, platform parts included. */
export const DECLARATIONS = Symbol('declarations');

interface ModuleLike {
  module?: object;
  imports?: unknown[];
  forwardRef?: () => object;
}

/**
 * The declarations on `modules` and on all that they import, each once, in import order.
 * Reads class metadata only: nothing is constructed.
 */
export function declarationsIn(modules: readonly object[]): DomainDeclaration[] {
  const seen = new Set<object>();
  const found: DomainDeclaration[] = [];
  const visit = (entry: unknown): void => {
    if (!entry || (typeof entry !== 'object' && typeof entry !== 'function')) return;
    const dynamic: ModuleLike = entry;
    const module = dynamic.module ?? entry;
    dynamic.imports?.forEach(visit);
    if (seen.has(module)) return;
    seen.add(module);
    const imports = Reflect.getMetadata('imports', module) as unknown[] | undefined;
    imports?.forEach(visit);
    const declaration = declarationOf(module);
    if (declaration) found.push(declaration);
  };
  modules.forEach(visit);
  return found;
}

/** Every settings section among the declarations. */
export function sectionsOf(declarations: readonly DomainDeclaration[]): Constructor[] {
  return [...new Set(declarations.flatMap((declaration) => declaration.settings ?? []))];
}
