import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectCommander } from 'nest-commander';

/** What we use of commander's commands; its package is nest-commander's, not ours to import. */
interface WordTree {
  readonly commands: readonly WordTree[];
  readonly options: readonly WordOption[];
  readonly args: readonly string[];
  readonly parent: WordTree | null;
  name(): string;
  allowExcessArguments(allow: boolean): unknown;
  addHelpCommand(enable: boolean): unknown;
  hook(event: 'preAction', listener: (self: WordTree, acting: WordTree) => void): unknown;
  error(message: string): never;
}

interface WordOption {
  readonly long?: string;
  readonly argChoices?: readonly string[];
  parseArg?: (value: string, previous: unknown) => unknown;
}

/**
 * Refuses what commander would ignore as nest-commander sets it up, and a script would take for done: words behind a
 * command, a verb that its group does not have, a value that is none of an option's choices.
 */
@Injectable()
export class StrictWords implements OnApplicationBootstrap {
  constructor(@InjectCommander() private readonly root: WordTree) {}

  /** The tree of commands is complete by now. */
  onApplicationBootstrap(): void {
    this.root.commands.forEach(makeStrict);
  }
}

function makeStrict(command: WordTree): void {
  command.options.forEach(insistOnChoices);
  if (command.commands.length === 0) {
    command.allowExcessArguments(false);
    return;
  }
  command.commands.forEach(makeStrict);
  command.addHelpCommand(true);
  command.hook('preAction', (self, acting) => {
    const [word] = self.args;
    if (acting !== self || word === undefined) return;
    const verbs = self.commands.map((verb) => verb.name()).join(', ');
    self.error(`error: \`omni ${self.name()}\` has no command '${word}': take one of ${verbs}`);
  });
}

/** nest-commander replaces the parser that would compare. */
function insistOnChoices(option: WordOption): void {
  const { argChoices, long, parseArg } = option;
  if (!argChoices) return;
  option.parseArg = (value, previous) => {
    if (!argChoices.includes(value)) throw new Error(`${long} ${value} is none of ${argChoices.join(', ')}`);
    return parseArg ? parseArg(value, previous) : value;
  };
}
