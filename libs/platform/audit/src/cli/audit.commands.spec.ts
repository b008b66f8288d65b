import { type AuditTrail, type AuditVerdict } from '../audit-trail';
import { AuditVerifyCommand } from './audit.commands';

const HASH = 'a'.repeat(64);

describe('omni audit verify', () => {
  let printed: string;

  beforeEach(() => {
    printed = '';
    // Another file of the same jest worker may have left one.
    process.exitCode = undefined;
    const catching = (text: string | Uint8Array) => {
      printed += String(text);
      return true;
    };
    jest.spyOn(process.stdout, 'write').mockImplementation(catching);
    jest.spyOn(process.stderr, 'write').mockImplementation(catching);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = undefined;
  });

  const commandThatFinds = (verdict: AuditVerdict): AuditVerifyCommand => {
    // The command uses one method of the trail.
    const trail: Pick<AuditTrail, 'verify'> = { verify: () => Promise.resolve(verdict) };
    return new AuditVerifyCommand(trail as AuditTrail);
  };

  it('prints the number of rows and the anchor of the next run', async () => {
    await commandThatFinds({ rows: 3, head: { sequence: 3, rowHash: HASH } }).run([]);

    expect(printed).toBe(`The audit trail holds: 3 rows. Anchor of the next run: 3:${HASH}\n`);
    expect(process.exitCode).toBeUndefined();
  });

  it('names the broken row and the reason, and leaves exit code 1', async () => {
    const broken = { id: 'row-2', sequence: 2, reason: 'its content does not have its hash' };

    await commandThatFinds({ rows: 1, head: { sequence: 3, rowHash: HASH }, broken }).run([]);

    expect(printed).toBe(
      'The audit trail is broken at row row-2 (position 2): its content does not have its hash. 1 rows before it hold.\n',
    );
    expect(process.exitCode).toBe(1);
  });

  it('reads the anchor that an earlier run printed, and refuses anything else', () => {
    const command = commandThatFinds({ rows: 0, head: { sequence: 0, rowHash: HASH } });

    expect(command.parseAnchor(`12:${HASH}`)).toEqual({ sequence: 12, rowHash: HASH });
    expect(() => command.parseAnchor('12')).toThrow('omni audit verify');
  });
});
