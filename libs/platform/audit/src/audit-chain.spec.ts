import { type ChainedRow, ChainWalk, contentHash, GENESIS_HASH, linkHash } from './audit-chain';

function chain(length: number): ChainedRow[] {
  const rows: ChainedRow[] = [];
  for (let sequence = 1; sequence <= length; sequence++) {
    const prevHash = rows.at(-1)?.rowHash ?? GENESIS_HASH;
    const content = { id: `row-${sequence}`, action: 'bed.dig', details: { depth: sequence } };
    rows.push({
      id: content.id,
      sequence,
      prevHash,
      rowHash: linkHash(prevHash, sequence, contentHash(content)),
      content,
    });
  }
  return rows;
}

const headOf = (rows: ChainedRow[]) => {
  const last = rows.at(-1);
  return { sequence: last?.sequence ?? 0, rowHash: last?.rowHash ?? GENESIS_HASH };
};

function judge(rows: ChainedRow[], head = headOf(rows), anchor?: { sequence: number; rowHash: string }) {
  const walk = new ChainWalk(anchor);
  for (const row of rows) {
    const broken = walk.step(row);
    if (broken) return broken;
  }
  return walk.finish(head);
}

/** The rows with the one at `position` replaced. */
function withRow(rows: ChainedRow[], position: number, change: Partial<ChainedRow>): ChainedRow[] {
  return rows.map((row) => (row.sequence === position ? { ...row, ...change } : row));
}

describe('ChainWalk', () => {
  it('accepts a whole chain, and an empty one', () => {
    expect(judge(chain(5))).toBeUndefined();
    expect(judge([])).toBeUndefined();
  });

  it('names the row whose content was changed', () => {
    const rows = withRow(chain(5), 3, { content: { id: 'row-3', action: 'bed.dig', details: { depth: 99 } } });

    expect(judge(rows)).toMatchObject({ id: 'row-3', sequence: 3, reason: expect.stringContaining('changed after') });
  });

  it('finds a changed row whose own hash was computed again, at the row after it', () => {
    const whole = chain(5);
    const content = { id: 'row-3', action: 'bed.dig', details: { depth: 99 } };
    const prevHash = whole[1]?.rowHash ?? '';
    const rows = withRow(whole, 3, { content, rowHash: linkHash(prevHash, 3, contentHash(content)) });

    expect(judge(rows)).toMatchObject({ id: 'row-4', reason: expect.stringContaining('prev_hash') });
  });

  it('names the gap that a deleted row leaves', () => {
    const rows = chain(5).filter((row) => row.sequence !== 3);

    expect(judge(rows)).toMatchObject({ id: 'row-4', reason: 'rows 3 to 3 before it are missing: deleted' });
  });

  it('finds a truncated end by the head', () => {
    const whole = chain(5);

    expect(judge(whole.slice(0, 3), headOf(whole))).toMatchObject({
      id: null,
      sequence: 3,
      reason: expect.stringContaining('rows 4 to 5 are missing'),
    });
  });

  it('finds two rows that changed places', () => {
    const [first, second, third, ...rest] = chain(5) as [ChainedRow, ChainedRow, ChainedRow, ...ChainedRow[]];
    const rows = [first, { ...third, sequence: 2 }, { ...second, sequence: 3 }, ...rest];

    expect(judge(rows)).toMatchObject({ id: 'row-3', sequence: 2, reason: expect.stringContaining('reordered') });
  });

  it('finds an inserted row, in the middle and behind the head', () => {
    const whole = chain(5);
    const forged = { ...(whole[1] as ChainedRow), id: 'forged' };
    const beyond = chain(6);

    expect(judge([...whole.slice(0, 2), forged, ...whole.slice(2)])).toMatchObject({ id: 'forged' });
    expect(judge(beyond, headOf(whole))).toMatchObject({ reason: expect.stringContaining('audit_heads says') });
  });

  it('finds a chain that was rewritten as a whole, by an anchor kept elsewhere', () => {
    const anchor = headOf(chain(4));
    const rewritten: ChainedRow[] = [];
    for (const { content, id, sequence } of chain(5)) {
      const prevHash = rewritten.at(-1)?.rowHash ?? GENESIS_HASH;
      const forged = { ...content, action: 'bed.water' };
      rewritten.push({
        id,
        sequence,
        prevHash,
        content: forged,
        rowHash: linkHash(prevHash, sequence, contentHash(forged)),
      });
    }

    expect(judge(rewritten)).toBeUndefined();
    expect(judge(rewritten, headOf(rewritten), anchor)).toMatchObject({
      id: 'row-4',
      reason: expect.stringContaining('anchor'),
    });
    expect(judge(chain(3), headOf(chain(3)), anchor)).toMatchObject({ reason: expect.stringContaining('anchor 4') });
    expect(judge(chain(5), headOf(chain(5)), anchor)).toBeUndefined();
  });
});
