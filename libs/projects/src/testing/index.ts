export { aProject } from './project.factory';
