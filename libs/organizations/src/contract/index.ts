export * from './organizations.events';
export * from './organizations.jobs';
export * from './organizations.permissions';
export * from './organizations.roles';
