import { type DynamicModule, Module } from '@nestjs/common';
import { declarationsIn } from '@platform/config';
import { type Constructor } from '@platform/kernel';

/** What the operator runs of the domains: their integrity rules and seeders. The API and the worker do without. */
@Module({})
export class OperatorModule {
  /** The rules and seeders that the `@Domain` of these modules lists; they may inject whatever these modules export. */
  static of(modules: readonly Constructor[]): DynamicModule {
    const declared = declarationsIn(modules);
    const providers = declared.flatMap(({ integrity = [], seeders = [] }) => [...integrity, ...seeders]);
    return { module: OperatorModule, imports: [...modules], providers };
  }
}
