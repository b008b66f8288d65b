export * from './auth.events';
export * from './auth.permissions';
