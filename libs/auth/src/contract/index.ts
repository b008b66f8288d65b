export * from './auth.events';
export * from './auth.jobs';
export * from './auth.permissions';
