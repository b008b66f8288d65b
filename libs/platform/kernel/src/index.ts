export { type Actor, ANONYMOUS, asOneself, may, ownerScope, personScope, systemActor } from './actor';
export {
  AccessDenied,
  AlreadyExists,
  AppError,
  type AppErrorOptions,
  AuthenticationFailed,
  BadRequest,
  BootRefused,
  Conflict,
  type FieldError,
  InsufficientAuthentication,
  InUse,
  NotFound,
  PermanentError,
  PreconditionFailed,
  ReferenceNotFound,
  ServiceUnavailable,
  ValidationFailed,
} from './app-error';
export { type AppPage, defineAppPage, type PageField, type PageForm } from './app-page';
export { Clock, Ids, SystemClock } from './clock';
export { currentContext, runInContext, type WorkContext } from './context';
export { type Constructor, declarationOf, Domain, type DomainDeclaration, type DomainInput } from './domain';
export { domainEvent, type DomainEvent, type DomainEventClass, eventType } from './domain-event';
export { defineJob, type JobContract, type JobOptions } from './job';
export { type Json, type JsonObject } from './json';
export { emptyPage, mapPage, type Page, PAGE_LIMIT, type PageQuery } from './page';
export { definePermissions, type PermissionContract } from './permission';
export { defineSubjectData, type Erasure, type SubjectDataContract } from './subject-data';
