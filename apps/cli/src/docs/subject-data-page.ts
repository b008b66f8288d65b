import { subjectDataOf } from '@platform/database';
import { type DomainDeclaration, type SubjectDataContract } from '@platform/kernel';
import { code, markdownTable, page } from './markdown';

/** `docs/reference/subject-data.md`: what is held of people and organizations, and what a deletion does to it. */
export function subjectDataPage(declarations: readonly DomainDeclaration[]): string {
  const lines = declarations.flatMap((declaration) =>
    subjectDataOf(declaration).map((contract) => ({ domain: declaration.name, contract })),
  );
  const erased = lines.filter(({ contract }) => contract.erasure.kind !== 'keep');
  const purpose =
    'What is held of people and organizations, for a privacy notice and for people who add a table. A deletion carries all of ' +
    'it out in one transaction; a column that refers to a person and is not listed here fails a test.';
  return page('Data of people', purpose, [
    '## What goes\n\nDeleted, or freed of whom it tells of, when the account or the organization is deleted.',
    markdownTable(
      ['What', 'Of whom', 'Where', 'Becomes', 'Declared by'],
      erased.map(({ contract, domain }) => [...facts(contract), becomes(contract), domain]),
    ),
    '## What is kept\n\nFor the reason given; where a time is named, it is gone by itself after it.',
    markdownTable(
      ['What', 'Of whom', 'Where', 'Why', 'Declared by'],
      lines.flatMap(({ contract, domain }) =>
        contract.erasure.kind === 'keep' ? [[...facts(contract), contract.erasure.reason, domain]] : [],
      ),
    ),
    '## What the first proof of an address does\n\nWhat lets somebody in ends when somebody first proves to hold the ' +
      'address of the account: until then anybody may have set it up.',
    markdownTable(
      ['What', 'Of whom', 'Where', 'Becomes', 'Declared by'],
      lines.flatMap(({ contract, domain }) =>
        contract.firstProof ? [[...facts(contract), afterProof(contract.firstProof), domain]] : [],
      ),
    ),
  ]);
}

const HOLDERS: Record<SubjectDataContract['holds'], string> = {
  person: 'person',
  owner: 'person or organization',
  email: 'person, by address',
};

function facts({ column, holds, summary, table, via }: SubjectDataContract): string[] {
  const place = code(`${table}.${column}`);
  return [summary, HOLDERS[holds], via ? `${place} via ${code(`${via.table}.${via.column}`)}` : place];
}

function becomes({ erasure }: SubjectDataContract): string {
  if (erasure.kind !== 'anonymize') return 'deleted';
  const set = Object.entries(erasure.set).map(([column, value]) => code(`${column} = ${JSON.stringify(value)}`));
  return `anonymized: ${set.join(', ')}`;
}

function afterProof(firstProof: NonNullable<SubjectDataContract['firstProof']>): string {
  return firstProof === 'ends' ? 'ended' : `stays: ${firstProof.stays}`;
}
