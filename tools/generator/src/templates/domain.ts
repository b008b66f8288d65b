import { entryPointModule } from '../registers.ts';
import { type DomainPlace, type EntryPoint } from '../workspace.ts';

/** Says in the README that a domain comes from here; a domain without it is not the generator's to repeat. */
export const MADE_BY = (name: string): string => `Made by \`npm run generate domain ${name}\``;

/** The head of the README's table of resources. */
export const RESOURCE_TABLE = '| Resource | Table | Routes on v1 and v2 |';

/** The head of the README's table of what happens later. */
export const WORK_TABLE = '| Job, listener or rule | What it does |';

/** Purpose, resources, work, and what to do when it breaks. */
export function readmeTemplate({ name }: DomainPlace): string {
  return `
# ${name.kebab}

What the business calls ${name.words}. ${MADE_BY(name.kebab)}.

- **Who may call it** the domains above it in \`architecture.mjs\`. It calls \`users\`.
- **Publishes** the services that \`src/index.ts\` names; events, jobs and permissions in \`src/contract\`,
  which \`docs/reference\` lists.
- **When it breaks** the request id of the answer leads to the log; \`npm run omni -- jobs list\` shows work that failed;
  a list is slow: \`npm run omni -- db explain ${name.kebab}\` shows the plan of each statement.

${RESOURCE_TABLE}
|---|---|---|

${WORK_TABLE}
|---|---|
`;
}

/** The core module, before it has anything. */
export function coreModuleTemplate({ name }: DomainPlace): string {
  return `
import { Module } from '@nestjs/common';
import { Domain } from '@platform/kernel';

/** Core of ${name.words}: what the API, the worker and the command line share. */
@Module({})
@Domain({ name: '${name.kebab}' })
export class ${name.pascal}Module {}`;
}

const ENTRY_POINT_DOC: Record<EntryPoint, string> = {
  api: 'What the API process serves of',
  worker: 'What the worker does for',
  cli: 'What the command line knows of',
};

/** An entry point's module, before it has anything. */
export function entryPointModuleTemplate({ name }: DomainPlace, entryPoint: EntryPoint): string {
  return `
import { Module } from '@nestjs/common';
import { ${name.pascal}Module } from '../${name.kebab}.module';

/** ${ENTRY_POINT_DOC[entryPoint]} ${name.words}. */
@Module({ imports: [${name.pascal}Module] })
export class ${entryPointModule(name, entryPoint)} {}`;
}

/** The domain as a whole: its tables are what its entities say, and its entry points come up. */
export function domainTestTemplate({ name }: DomainPlace): string {
  return `
import { ${name.pascal}Module } from '@omni/${name.kebab}';
import { UsersModule } from '@omni/users';
import { Migrator } from '@platform/database';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';

describeEachDatabase('${name.words}', (test) => {
  it('${name.words.endsWith('s') ? 'have' : 'has'} the tables that the entities describe', async () => {
    const core = await domainCore(test, [UsersModule, ${name.pascal}Module]);
    expect(await core.get(Migrator).drift()).toEqual([]);
  });
});`;
}
