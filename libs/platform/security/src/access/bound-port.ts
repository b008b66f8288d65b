import { type Type } from '@nestjs/common';
import { type ModuleRef } from '@nestjs/core';

/** A port as a domain binds it, wherever in the graph it does; looked up once, when somebody first asks. */
export class BoundPort<P extends object> {
  private found?: P | null;

  constructor(
    private readonly modules: ModuleRef,
    private readonly port: abstract new (...parameters: never[]) => P,
  ) {}

  /** What the domain binds; null where none does. */
  get(): P | null {
    if (this.found !== undefined) return this.found;
    try {
      // Nest takes abstract classes as tokens, its type for them does not.
      this.found = this.modules.get<P>(this.port as unknown as Type<P>, { strict: false });
    } catch {
      // Nest has no way to ask without throwing.
      this.found = null;
    }
    return this.found;
  }
}
