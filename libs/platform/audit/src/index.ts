export { type BrokenLink, type ChainHead } from './audit-chain';
export {
  type AuditedRule,
  AuditLog,
  type AuditLogOptions,
  type AuditRule,
  auditRuleOf,
  NoAudit,
  type UnauditedRule,
} from './audit-log.decorators';
export { type AuditFilter } from './audit-row.repository';
export { type AuditEntry, auditEntryOf, type AuditFacts, AuditTrail, type AuditVerdict } from './audit-trail';
export { AuditModule } from './audit.module';
export { AUDIT_OUTCOMES, type AuditOutcome, AuditRow } from './entities/audit-row.entity';
