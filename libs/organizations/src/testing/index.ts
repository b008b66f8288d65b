export { anOrganization } from './organization.factory';
