import { Module } from '@nestjs/common';
import { AuditModule } from '../audit.module';
import { AuditCommand, AuditVerifyCommand } from './audit.commands';

/** The operator's entrance; apart from the library, so that the API and the worker do not load a command line. */
@Module({ imports: [AuditModule], providers: [AuditCommand, AuditVerifyCommand] })
export class AuditCliModule {}
