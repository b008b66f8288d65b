import { BootRefused } from '@platform/kernel';
import { z } from 'zod';
import { ENV_FILE, type Environment } from './environment';
import { eachRule, type OtherSections } from './rules';
import { integer, rate } from './schemas';
import { LoadedSettings, setting, settings } from './settings';

class GardenConfig extends settings('garden', {
  beds: setting('GARDEN_BEDS', integer(1, 10).default(3), 'Beds, 1–10.'),
  key: setting('GARDEN_KEY', z.string().min(8, { error: 'expected at least 8 characters' }), 'Opens the gate.', {
    secret: true,
  }),
}) {}

class WateringConfig extends settings('watering', {
  rate: setting('WATERING_RATE', rate().default({ limit: 2, windowSeconds: 86_400 }), 'How often, such as 2/day.'),
  litres: setting('WATERING_LITRES', integer(1, 100).default(10), 'Litres each time, 1–100.'),
}) {
  static override readonly replaced = { WATERING_HOSE: 'set WATERING_RATE', 'SPRINKLER_*': 'set WATERING_LITRES' };

  static override check(values: WateringConfig, other: OtherSections): string[] {
    return eachRule(
      () =>
        values.litres > values.rate.limit * 50 ? 'Lower WATERING_LITRES (watering.litres): the beds drown' : undefined,
      () => (values.rate.limit > 100 && other(GardenConfig).beds < 2 ? ['Lower WATERING_RATE: one bed drowns'] : []),
    );
  }

  static override advise(values: WateringConfig): string[] {
    return values.litres < 2 ? ['Raise WATERING_LITRES (watering.litres): it hardly wets the leaves'] : [];
  }
}

const SECTIONS = [GardenConfig, WateringConfig];

function problemsOf(environment: Environment): readonly string[] {
  try {
    LoadedSettings.load(SECTIONS, environment);
  } catch (error) {
    if (error instanceof BootRefused) return error.problems;
    throw error;
  }
  return [];
}

describe('LoadedSettings', () => {
  it('reads values and falls back to defaults; an empty string counts as unset', () => {
    const loaded = LoadedSettings.load(SECTIONS, {
      GARDEN_KEY: 'long enough',
      GARDEN_BEDS: '',
      WATERING_RATE: '3/hour',
    });

    expect(loaded.get(GardenConfig)).toMatchObject({ beds: 3, key: 'long enough' });
    expect(loaded.get(WateringConfig)).toMatchObject({ rate: { limit: 3, windowSeconds: 3_600 }, litres: 10 });
  });

  it('reports the problems of all sections together', () => {
    const problems = problemsOf({ GARDEN_BEDS: '11', WATERING_RATE: 'often', WATERING_LITRES: 'many' });

    expect(problems).toHaveLength(4);
    expect(problems[0]).toBe('Correct GARDEN_BEDS (garden.beds): expected at most 10. Beds, 1–10; see .env.example');
    expect(problems[1]).toBe('Set GARDEN_KEY (garden.key): Opens the gate; see .env.example');
    expect(problems[2]).toContain('Correct WATERING_RATE (watering.rate): Invalid rate limit format: often');
    expect(problems[3]).toContain('Correct WATERING_LITRES (watering.litres): expected a whole number from 1 to 100');
  });

  it('never prints the value of a secret', () => {
    const problems = problemsOf({ GARDEN_KEY: 'hunter2' });

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('expected at least 8 characters');
    expect(problems[0]).not.toContain('hunter2');
  });

  it('checks settings against each other', () => {
    const problems = problemsOf({ GARDEN_KEY: 'long enough', WATERING_RATE: '1/day', WATERING_LITRES: '51' });

    expect(problems).toEqual(['Lower WATERING_LITRES (watering.litres): the beds drown']);
  });

  it('checks settings against those of other sections', () => {
    const problems = problemsOf({ GARDEN_KEY: 'long enough', GARDEN_BEDS: '1', WATERING_RATE: '101/day' });

    expect(problems).toEqual(['Lower WATERING_RATE: one bed drowns']);
  });

  it('leaves out a rule that needs a setting which could not be read, and no other rule', () => {
    const drowning = { GARDEN_KEY: 'long enough', WATERING_RATE: '101/day', WATERING_LITRES: '51' };

    expect(problemsOf({ ...drowning, GARDEN_BEDS: '11' })).toEqual([expect.stringContaining('Correct GARDEN_BEDS')]);
    expect(problemsOf({ ...drowning, GARDEN_BEDS: '1', WATERING_LITRES: 'many' })).toEqual([
      expect.stringContaining('Correct WATERING_LITRES'),
      'Lower WATERING_RATE: one bed drowns',
    ]);
  });

  it('keeps advice apart from what stops the boot', () => {
    const loaded = LoadedSettings.load(SECTIONS, { GARDEN_KEY: 'long enough', WATERING_LITRES: '1' });

    expect(loaded.advice).toEqual(['Raise WATERING_LITRES (watering.litres): it hardly wets the leaves']);
  });

  it('leaves out white space around values, as `set X=1 ` and secrets from files bring it', () => {
    const loaded = LoadedSettings.load(SECTIONS, {
      GARDEN_KEY: 'long enough\n',
      GARDEN_BEDS: ' ',
      WATERING_RATE: ' 3/day',
    });

    expect(loaded.get(GardenConfig)).toMatchObject({ beds: 3, key: 'long enough' });
  });

  it('says which declaration is missing when a section was not loaded', () => {
    const loaded = LoadedSettings.load([WateringConfig], {});

    expect(() => loaded.get(GardenConfig)).toThrow('GardenConfig is not declared');
  });
});

describe('names that nobody reads', () => {
  const namesIn = (environment: Record<string, string>, ...file: string[]): readonly string[] =>
    LoadedSettings.load(SECTIONS, {
      GARDEN_KEY: 'long enough',
      ...environment,
      [ENV_FILE]: { names: file, unassigned: [] },
    }).strayNames;

  it('are told with what replaced them, wherever they are set', () => {
    expect(
      namesIn({ WATERING_HOSE: 'green', SPRINKLER_TOKEN: 'hunter2', SPRINKLER_URL: '' }, 'SPRINKLER_TOKEN'),
    ).toEqual(['WATERING_HOSE is not read: set WATERING_RATE', 'SPRINKLER_TOKEN is not read: set WATERING_LITRES']);
  });

  it.each([
    ['GARDEN_BESD', 'GARDEN_BEDS'],
    ['GARDENBEDS', 'GARDEN_BEDS'],
    ['WATERING_LITRE', 'WATERING_LITRES'],
  ])('are told with the setting that was meant: %s', (name, meant) => {
    expect(namesIn({ [name]: '4' }, name)).toEqual([`${name} in .env is not read: did you mean ${meant}?`]);
    expect(namesIn({ [name]: '4' })).toEqual([`${name} in the environment is not read: did you mean ${meant}?`]);
  });

  it('are told in .env alone when they resemble nothing: the environment is full of other programs', () => {
    const unknown = { EDITOR: 'vi', GREENHOUSE: 'yes', garden_beds: '4' };

    expect(namesIn(unknown)).toEqual([]);
    expect(namesIn(unknown, 'GREENHOUSE', 'garden_beds')).toEqual([
      'GREENHOUSE in .env is not read: no setting has this name; correct it, see .env.example, or remove it',
      'garden_beds in .env is not read: did you mean GARDEN_BEDS?',
    ]);
  });

  it('are not printed when they look like pieces of a key', () => {
    const lines = { MIIEvQIBADANBgkq: '=', 'h4TrUe+x/9': '', kZq8Rt5vY2: '==' };
    const told = namesIn(lines, ...Object.keys(lines));

    expect(told).toEqual([
      '.env has a line that is no setting: write NAME=value, a value of several lines between quotes',
    ]);
  });

  it('stand in the list of a boot that is refused: one of them may be what is missing', () => {
    const problems = problemsOf({ GARDN_KEY: 'long enough' });

    expect(problems).toEqual([
      expect.stringContaining('Set GARDEN_KEY'),
      'GARDN_KEY in the environment is not read: did you mean GARDEN_KEY?',
    ]);
  });

  it('are settings whose line has no "="', () => {
    const problems = problemsOf({ [ENV_FILE]: { names: [], unassigned: ['GARDEN_KEY', 'SOMETHING'] } });

    expect(problems[1]).toBe('GARDEN_KEY in .env is not set: its line has no "="; write GARDEN_KEY=…');
    expect(problems).toHaveLength(2);
  });
});
