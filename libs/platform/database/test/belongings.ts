import { AppendOnly, col, IdColumn, JsonColumn, MigrationKit, ReferenceColumn, TextColumn } from '@platform/database';
import { type DomainDeclaration, type SubjectDataContract } from '@platform/kernel';
import { Entity, ForeignKey, type MigrationInterface, type QueryRunner } from 'typeorm';

/** A person. */
@Entity('people')
export class Soul {
  @IdColumn() id: string;
}

/** A tenant. */
@Entity('clubs')
export class Club {
  @IdColumn() id: string;
}

/** Belongs to a person, or to a tenant instead of one. */
@Entity('homes')
export class Home {
  @IdColumn() id: string;
  @ReferenceColumn() ownerId: string;
}

/** Belongs to whom its home belongs; the database refuses to lose the home first. */
@Entity('rooms')
export class Room {
  @IdColumn() id: string;
  @ForeignKey('homes')
  @ReferenceColumn()
  homeId: string;
}

/** Written by a person, to an address; stays when its author goes. */
@Entity('letters')
export class Letter {
  @IdColumn() id: string;
  @ReferenceColumn({ nullable: true }) subjectId: string | null;
  @TextColumn({ nullable: true, length: 320 }) toEmail: string | null;
  @TextColumn() signature: string;
  @JsonColumn({ nullable: true }) stamp: unknown;
  @JsonColumn() envelope: unknown;
  @JsonColumn({ nullable: true }) seal: unknown;
}

/** Refuses every change. */
@Entity('oaths')
@AppendOnly()
export class Oath {
  @IdColumn() id: string;
  @ReferenceColumn() personId: string;
  @TextColumn({ unique: true, nullable: true, length: 20 }) number: string | null;
}

/** Makes the tables above. */
export class CreateBelongings1700000000001 implements MigrationInterface {
  name = 'CreateBelongings1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    const kit = new MigrationKit(runner);
    for (const table of ['people', 'clubs']) await kit.createTable(table, [col.id()]);
    await kit.createTable('homes', [col.id(), col.ref('owner_id')]);
    await kit.createTable('rooms', [col.id(), col.ref('home_id')], {
      foreignKeys: [{ columns: ['home_id'], references: 'homes' }],
    });
    await kit.createTable('letters', [
      col.id(),
      col.ref('subject_id', { nullable: true }),
      col.text('to_email', { nullable: true, length: 320 }),
      col.text('signature'),
      col.json('stamp', { nullable: true }),
      col.json('envelope'),
      col.json('seal', { nullable: true }),
    ]);
    await kit.createTable('oaths', [
      col.id(),
      col.ref('person_id'),
      col.text('number', { nullable: true, length: 20, unique: true }),
    ]);
    await kit.appendOnly('oaths');
  }

  async down(runner: QueryRunner): Promise<void> {
    const kit = new MigrationKit(runner);
    for (const table of ['oaths', 'letters', 'rooms', 'homes', 'clubs', 'people']) await kit.dropTable(table);
  }
}

/** What is held in the tables above. */
export const BELONGINGS_HELD: readonly SubjectDataContract[] = [
  { table: 'homes', column: 'owner_id', holds: 'owner', summary: 'Homes', erasure: { kind: 'delete' } },
  {
    table: 'rooms',
    column: 'home_id',
    holds: 'owner',
    via: { table: 'homes', column: 'owner_id' },
    summary: 'Rooms of a home',
    erasure: { kind: 'delete' },
  },
  {
    table: 'letters',
    column: 'subject_id',
    holds: 'person',
    summary: 'Letters that the person wrote',
    erasure: {
      kind: 'anonymize',
      set: {
        subject_id: null,
        signature: 'somebody',
        stamp: null,
        envelope: { lines: ['unknown', null] },
        seal: 'none',
      },
    },
  },
  {
    table: 'letters',
    column: 'to_email',
    holds: 'email',
    summary: 'Letters to the person',
    erasure: { kind: 'delete' },
  },
  {
    table: 'oaths',
    column: 'person_id',
    holds: 'person',
    summary: 'Oaths',
    erasure: { kind: 'keep', reason: 'An oath binds for ever' },
  },
];

/** The declaration of all of it. */
export function belongings(subjectData: readonly SubjectDataContract[] = BELONGINGS_HELD): DomainDeclaration {
  return {
    name: 'belongings',
    entities: [Soul, Club, Home, Room, Letter, Oath],
    migrations: [CreateBelongings1700000000001],
    subjects: ['people', 'clubs'],
    subjectData,
  };
}
