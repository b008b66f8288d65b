export * from './auth.permissions';
