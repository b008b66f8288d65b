import { SchematicsException } from '@angular-devkit/schematics';

/** The generator does not do it: names the thing, the place and the fix. Nothing has been written. */
export class Refusal extends SchematicsException {}

/** A file is not in the form that the generator reads; what it would have added is for a person to add. */
export class Reshaped extends Refusal {
  constructor(path: string, expected: string, lines: readonly string[]) {
    super(
      `${path} was reshaped: ${expected} is not where the generator looks for it. Add by hand, then repeat:\n` +
        lines.map((line) => `    ${line}`).join('\n'),
    );
  }
}
