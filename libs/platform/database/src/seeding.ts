import { Injectable } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { BootRefused, type Constructor } from '@platform/kernel';

/** `required` rows every installation needs; `demo` for the first look; `stress` in volume; `test` for tests. */
export type SeedSet = 'required' | 'demo' | 'stress' | 'test';

/** What a seeder says about itself. */
export interface SeederOptions {
  set: SeedSet;
  /** Seeders that must have run before. */
  after?: readonly Constructor[];
}

/** A class that writes rows and may be run twice. */
export interface Seeds {
  /** Write what is missing; returns one line for the operator, or nothing. */
  seed(): Promise<string | undefined>;
}

const SEEDER = Reflector.createDecorator<SeederOptions>();

/** Declares a seeder; `seeders` of its `@Domain` lists it. */
export function Seeder(options: SeederOptions): ClassDecorator {
  return SEEDER(options);
}

interface Found {
  options: SeederOptions;
  type: Constructor;
  instance: Seeds;
}

/** Runs the seeders of the process in their order. */
@Injectable()
export class Seeding {
  constructor(private readonly discovery: DiscoveryService) {}

  /** Run every seeder of the set, after those it names; returns their lines. */
  async run(set: SeedSet): Promise<string[]> {
    const lines: string[] = [];
    for (const seeder of inOrder(this.find(set))) {
      const line = await seeder.instance.seed();
      if (line) lines.push(line);
    }
    return lines;
  }

  private find(set: SeedSet): Found[] {
    return this.discovery.getProviders().flatMap((wrapper) => {
      const type = wrapper.metatype as Constructor | null;
      const options = type && typeof type === 'function' ? Reflect.getMetadata(SEEDER.KEY, type) : undefined;
      const declared = options as SeederOptions | undefined;
      return type && declared?.set === set ? [{ options: declared, type, instance: wrapper.instance as Seeds }] : [];
    });
  }
}

function inOrder(seeders: readonly Found[]): Found[] {
  const ordered: Found[] = [];
  const visit = (seeder: Found, path: readonly Constructor[]): void => {
    if (ordered.includes(seeder)) return;
    if (path.includes(seeder.type)) {
      const circle = [...path, seeder.type].map((type) => type.name).join(' → ');
      throw new BootRefused([`Seeders wait for each other (${circle}): remove one \`after\``]);
    }
    for (const type of seeder.options.after ?? []) {
      const before = seeders.find((candidate) => candidate.type === type);
      if (before) visit(before, [...path, seeder.type]);
    }
    ordered.push(seeder);
  };
  seeders.forEach((seeder) => visit(seeder, []));
  return ordered;
}
