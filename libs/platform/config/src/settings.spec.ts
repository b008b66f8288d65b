import { BootRefused } from '@platform/kernel';
import { z } from 'zod';
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
  static override check(values: WateringConfig): string[] {
    return values.litres > values.rate.limit * 50 ? ['Lower WATERING_LITRES (watering.litres): the beds drown'] : [];
  }
}

const SECTIONS = [GardenConfig, WateringConfig];

function findingsOf(environment: Record<string, string>): readonly string[] {
  try {
    LoadedSettings.load(SECTIONS, environment);
  } catch (error) {
    if (error instanceof BootRefused) return error.findings;
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
    const findings = findingsOf({ GARDEN_BEDS: '11', WATERING_RATE: 'often', WATERING_LITRES: 'many' });

    expect(findings).toHaveLength(4);
    expect(findings[0]).toBe('Correct GARDEN_BEDS (garden.beds): expected at most 10. Beds, 1–10; see .env.example');
    expect(findings[1]).toBe('Set GARDEN_KEY (garden.key): Opens the gate; see .env.example');
    expect(findings[2]).toContain('Correct WATERING_RATE (watering.rate): Invalid rate limit format: often');
    expect(findings[3]).toContain('Correct WATERING_LITRES (watering.litres): expected a whole number from 1 to 100');
  });

  it('never prints the value of a secret', () => {
    const findings = findingsOf({ GARDEN_KEY: 'hunter2' });

    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain('expected at least 8 characters');
    expect(findings[0]).not.toContain('hunter2');
  });

  it('checks settings against each other', () => {
    const findings = findingsOf({ GARDEN_KEY: 'long enough', WATERING_RATE: '1/day', WATERING_LITRES: '51' });

    expect(findings).toEqual(['Lower WATERING_LITRES (watering.litres): the beds drown']);
  });

  it('says which declaration is missing when a section was not loaded', () => {
    const loaded = LoadedSettings.load([WateringConfig], {});

    expect(() => loaded.get(GardenConfig)).toThrow('GardenConfig is not declared');
  });
});
