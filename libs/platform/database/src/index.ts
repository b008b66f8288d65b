export { AppendOnly, isAppendOnly } from './append-only';
export {
  BigIntColumn,
  BigIntTextColumn,
  BoolColumn,
  type ColumnSettings,
  EnumColumn,
  IdColumn,
  IntColumn,
  JsonColumn,
  ReferenceColumn,
  TextColumn,
  TimeColumn,
  VersionNumberColumn,
} from './columns';
export { connectWithRetry, createDataSource, type DataSourceInput } from './data-source';
export { Database, type StatementReport } from './database';
export { DatabaseConfig } from './database.config';
export { DatabaseModule } from './database.module';
export { type Removal } from './domain-removal';
export {
  databaseErrorCode,
  databaseUnavailable,
  isForeignKeyViolation,
  isTransient,
  isUniqueViolation,
} from './errors';
export { type Place, placeOf } from './place';
export { GuardedClient } from './postgres/guarded-client';
export { demandSessions } from './postgres/sessions';
export { refusalOf } from './refusals';
export {
  type BrokenRule,
  type Violation,
  Integrity,
  IntegrityRule,
  type IntegrityRuleOptions,
  type Severity,
} from './integrity';
export { DatabaseFitness } from './fitness';
export { likePattern } from './like';
export { OwnerColumn, PersonalData, type PersonalDataOptions, PersonColumn, subjectDataOf } from './personal-data';
export { numberOf, type Read, type Reader, textOf, timeOf } from './rows/beside';
export { applyChanges, type Changes, changeableValues, fromWire, type Input, toWire, type Wire } from './rows/changes';
export { referred } from './rows/references';
export { among, Condition, contains } from './rows/conditions';
export { EntityRepository, type NewRow, repositoryOf } from './rows/entity-repository';
export { EntityStore } from './rows/entity-store';
export { folded } from './rows/ordering';
export { OrderedRows, Rows } from './rows/rows';
export { foldedSql, foldText, withFolding } from './text-folding';
export { col, type ColumnSpec, type IndexSpec, MigrationKit, type TableExtras } from './migration-kit';
export { type MigrationState, Migrator } from './migrator';
export { snakeCase } from './naming';
export { OperatorModule } from './operator.module';
export { Seeder, type SeederOptions, Seeding, type Seeds, type SeedSet } from './seeding';
export { type Dialect, fromJson, type Parameters, Statement, statement, toDate } from './statement';
export { type OwnedStatement, type StatementPlan, StatementPlans } from './statement-plans';
export { type ErasureReport, SubjectData, type SubjectKind } from './subject-data';
export { Transactional } from './transactional';
