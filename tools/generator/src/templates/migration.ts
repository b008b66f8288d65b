import { defaultCode, type FieldCode } from '../field-code.ts';
import { type ResourcePlan } from '../resource-plan.ts';
import { indexesOf } from './entity.ts';

/** The table, written once for both engines. */
export function migrationTemplate(plan: ResourcePlan, className: string): string {
  const { fields, many, references, shared } = plan;
  const keys = references.map(
    ({ code, resource }) => `{ columns: ['${code.field.name.snake}'], references: '${resource.many.snake}' }`,
  );
  return `
import { col, MigrationKit } from '@platform/database';
import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The table of ${many.words}, with the index that serves ${shared ? 'the list' : "the owner's list"}. */
export class ${className} implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).createTable(
      '${many.snake}',
      [
        col.id(),
${fields.map((code) => `        ${spec(code)},`).join('\n')}
${shared ? '' : "        col.ref('owner_id'),\n"}        col.version(),
        col.time('created_at'),
        col.time('updated_at'),
      ],
      {
        indexes: [
${indexesOf(plan)
  .map(
    ({ columns, unique }) =>
      `          { columns: [${columns.map(({ snake }) => `'${snake}'`).join(', ')}]${unique ? ', unique: true' : ''} },`,
  )
  .join('\n')}
        ],
${keys.length > 0 ? `        foreignKeys: [\n${keys.map((key) => `          ${key},`).join('\n')}\n        ],` : ''}
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).dropTable('${many.snake}');
  }
}`;
}

function spec({ column: [, settings], field, kit }: FieldCode): string {
  const value = defaultCode(field);
  const all = [settings, field.nullable ? 'nullable: true' : '', value === undefined ? '' : `default: ${value}`].filter(
    Boolean,
  );
  // A migration keeps the list of its day: the entity's may grow.
  const allowed = field.type === 'enum' ? `, [${field.values.map((word) => `'${word}'`).join(', ')}]` : '';
  return `col.${kit}('${field.name.snake}'${allowed}${all.length > 0 ? `, { ${all.join(', ')} }` : ''})`;
}
