import { MetadataScanner } from '@nestjs/core';

/** A method as its class has it, whatever an instance has wrapped around it. */
export interface ClassMethod {
  readonly name: string;
  readonly method: (...parameters: never[]) => unknown;
}

const SCANNER = new MetadataScanner();

/** Every method of the class of `instance`, inherited ones too, for readers of decorators; none of what has no class. */
export function methodsOf(instance: unknown): ClassMethod[] {
  if (typeof instance !== 'object' || instance === null) return [];
  const prototype = Object.getPrototypeOf(instance) as Record<string, ClassMethod['method']> | null;
  if (!prototype || Object.is(prototype, Object.prototype)) return [];
  return SCANNER.getAllMethodNames(prototype).flatMap((name) => {
    const method = prototype[name];
    return method ? [{ name, method }] : [];
  });
}
