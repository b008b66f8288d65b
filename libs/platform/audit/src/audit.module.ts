import { Global, Module } from '@nestjs/common';
import { Domain } from '@platform/kernel';
import { AuditRows } from './audit-row.repository';
import { AuditTrail } from './audit-trail';
import { AuditHead } from './entities/audit-head.entity';
import { AuditRow } from './entities/audit-row.entity';
import { CreateAuditLogs1767225600200 } from './migrations/create-audit-logs.migration';

/** The audit trail, for every service that has something to note. */
@Global()
@Module({ providers: [AuditRows, AuditTrail], exports: [AuditTrail] })
@Domain({
  name: 'platform/audit',
  entities: [AuditRow, AuditHead],
  migrations: [CreateAuditLogs1767225600200],
})
export class AuditModule {}
