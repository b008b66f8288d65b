export * from './users.events';
export * from './users.jobs';
export * from './users.permissions';
export * from './users.roles';
