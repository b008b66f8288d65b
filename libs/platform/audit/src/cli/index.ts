export { AuditCliModule } from './audit-cli.module';
