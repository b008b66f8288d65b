import { type Rule, type SchematicContext, type Tree } from '@angular-devkit/schematics';
import { Changes } from './changes.ts';

/** What a schematic says after its work. */
export interface Told {
  /** What a person might expect and does not get. */
  readonly not?: readonly string[];
  /** The next commands, at most three. */
  readonly next: readonly string[];
}

/**
 * A schematic: `work` changes the tree through {@link Changes} and tells what follows. When it refuses, nothing is
 * written; when all is there already, it says so.
 */
export function schematic<O>(work: (changes: Changes, options: O) => Told): (options: O) => Rule {
  return (options: O) => async (tree: Tree, context: SchematicContext) => {
    const changes = new Changes(tree);
    const told = work(changes, options);
    await changes.format();
    if (changes.isNothing) {
      context.logger.info('Nothing to do: all of it is there already.');
      return;
    }
    if (changes.kept.length > 0) context.logger.info(`Kept as they are:\n${indented(changes.kept)}`);
    if (told.not?.length) context.logger.info(`Not done:\n${indented(told.not)}`);
    context.logger.info(`Next:\n${indented(told.next)}`);
  };
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n');
}
