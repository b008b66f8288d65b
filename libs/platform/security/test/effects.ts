import { col, IdColumn, MigrationKit, TextColumn } from '@platform/database';
import { type DomainDeclaration } from '@platform/kernel';
import { Entity, type MigrationInterface, type QueryRunner } from 'typeorm';

/** What a request did: one row for each time. */
@Entity('effects')
export class Effect {
  @IdColumn() id: string;
  @TextColumn() name: string;
}

/** Makes the table of {@link Effect}. */
export class CreateEffects1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).createTable('effects', [col.id(), col.text('name')]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).dropTable('effects');
  }
}

/** What the tests declare. */
export const EFFECTS: DomainDeclaration = {
  name: 'effects',
  entities: [Effect],
  migrations: [CreateEffects1700000000001],
};
