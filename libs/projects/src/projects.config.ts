import { integer, setting, settings } from '@platform/config';

/** Settings of projects. */
export class ProjectsConfig extends settings('projects', {
  retentionDays: setting(
    'PROJECTS_RETENTION_DAYS',
    integer(1, 3650).default(30),
    'Days until a deleted project is gone for good, 1–3650.',
  ),
}) {}
