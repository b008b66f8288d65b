import { AuditLog, auditRuleOf, NoAudit } from './audit-log.decorators';

class GardenController {
  @AuditLog('garden.bed.dig', { target: 'id' })
  dig(): void {}

  @AuditLog('garden.water', { resource: 'bed' })
  water(): void {}

  @NoAudit('changes nothing that outlives the request')
  preview(): void {}

  look(): void {}
}

@NoAudit('reads only')
class LookCommand {
  run(): void {}
}

const { prototype } = GardenController;

describe('auditRuleOf', () => {
  it('reads action and target, and takes the resource from the action', () => {
    expect(auditRuleOf(prototype.dig)).toEqual({
      audited: true,
      action: 'garden.bed.dig',
      resource: 'garden.bed',
      target: 'id',
    });
  });

  it('prefers the resource that is given', () => {
    expect(auditRuleOf(prototype.water)).toMatchObject({ action: 'garden.water', resource: 'bed' });
  });

  it('reads why nothing is recorded', () => {
    expect(auditRuleOf(prototype.preview)).toEqual({
      audited: false,
      why: 'changes nothing that outlives the request',
    });
  });

  it('finds silence', () => {
    expect(auditRuleOf(prototype.look, GardenController)).toBeUndefined();
  });

  it('falls back to what the class says', () => {
    expect(auditRuleOf(LookCommand.prototype.run, LookCommand)).toEqual({ audited: false, why: 'reads only' });
  });
});

describe('AuditLog and NoAudit', () => {
  it.each(['', 'archive', 'Project.archive', 'project.', '.archive', 'project archive', `p.${'a'.repeat(99)}`])(
    'refuse the action %p',
    (action) => {
      expect(() => AuditLog(action)).toThrow('<resource>.<verb>');
    },
  );

  it('refuse a blank reason', () => {
    expect(() => NoAudit('  ')).toThrow('say in a few words');
  });

  it('refuse to stand on one method together', () => {
    expect(() => {
      class Torn {
        @AuditLog('garden.dig')
        @NoAudit('never mind')
        dig(): void {}
      }
      return Torn;
    }).toThrow('Torn.dig carries two');
  });
});
