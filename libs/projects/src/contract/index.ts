export * from './projects.events';
export * from './projects.permissions';
