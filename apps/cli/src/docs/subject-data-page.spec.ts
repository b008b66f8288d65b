import { type DomainDeclaration, type SubjectDataContract } from '@platform/kernel';
import { subjectDataPage } from './subject-data-page';

const contract = (values: Partial<SubjectDataContract>): SubjectDataContract => ({
  table: 'beds',
  column: 'gardener_id',
  holds: 'person',
  summary: 'Beds',
  erasure: { kind: 'delete' },
  ...values,
});

describe('the page of what is held of people', () => {
  it('says what goes and how, what is kept and why, and what a first proof of an address ends', () => {
    const declarations: DomainDeclaration[] = [
      {
        name: 'garden',
        subjectData: [
          contract({}),
          contract({
            table: 'seeds',
            column: 'bed_id',
            via: { table: 'beds', column: 'gardener_id' },
            summary: 'Seeds',
          }),
          contract({ column: 'planted_by', holds: 'owner', erasure: { kind: 'anonymize', set: { planted_by: null } } }),
          contract({ table: 'harvests', holds: 'email', erasure: { kind: 'keep', reason: 'Taxes' } }),
          contract({ table: 'gates', firstProof: 'ends' }),
          contract({ table: 'paths', firstProof: { stays: 'Anybody walks there' } }),
        ],
      },
      { name: 'greenhouse' },
    ];
    const [erasure = '', proof] = subjectDataPage(declarations).split('## What the first proof');
    const [goes, kept] = erasure.split('## What is kept');
    expect(goes).toContain('| Beds | person | `beds.gardener_id` | deleted | garden |');
    expect(goes).toContain('| Seeds | person | `seeds.bed_id` via `beds.gardener_id` | deleted | garden |');
    expect(goes).toContain(
      '| Beds | person or organization | `beds.planted_by` | anonymized: `planted_by = null` | garden |',
    );
    expect(goes).not.toContain('harvests');
    expect(kept).toContain('| Beds | person, by address | `harvests.gardener_id` | Taxes | garden |');
    expect(kept).not.toContain('seeds');
    expect(proof).toContain('| Beds | person | `gates.gardener_id` | ended | garden |');
    expect(proof).toContain('| Beds | person | `paths.gardener_id` | stays: Anybody walks there | garden |');
    expect(proof).not.toContain('seeds');
  });
});
