export { OrganizationsCliModule } from './organizations-cli.module';
