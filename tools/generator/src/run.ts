import { type Rule, type SchematicContext, type Tree } from '@angular-devkit/schematics';
import { Changes } from './changes.ts';
import { judge, type OnTrial } from './rehearsal.ts';

/** What a schematic says after its work. */
export interface Told {
  /** What a person might expect and does not get. */
  readonly not?: readonly string[];
  /** The next commands, at most three. */
  readonly next: readonly string[];
}

/**
 * Does the work of the options with tagged names, and whatever may be written about these names later; returns the
 * names, by tag. Nothing to judge: undefined.
 */
export type Rehearsal<O> = (stage: Changes, options: O) => readonly OnTrial[] | undefined;

/**
 * A schematic: `work` changes the tree through {@link Changes} and tells what follows. When it refuses, or `rehearse`
 * shows that its names break something, the tree stays as it is; when all is there already, it says so.
 */
export function schematic<O>(
  work: (changes: Changes, options: O) => Told,
  rehearse?: Rehearsal<O>,
): (options: O) => Rule {
  return (options: O) => async (tree: Tree, context: SchematicContext) => {
    const changes = new Changes(tree.branch());
    const told = work(changes, options);
    if (rehearse) {
      const stage = new Changes(tree.branch());
      const trial = rehearse(stage, options);
      if (trial) judge(stage, new Changes(tree), trial);
    }
    await changes.format();
    if (changes.isNothing) {
      context.logger.info('Nothing to do: all of it is there already.');
      return;
    }
    changes.applyTo(tree);
    if (changes.kept.length > 0) context.logger.info(`Kept as they are:\n${indented(changes.kept)}`);
    if (told.not?.length) context.logger.info(`Not done:\n${indented(told.not)}`);
    context.logger.info(`Next:\n${indented(told.next)}`);
  };
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n');
}
