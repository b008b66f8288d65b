import { type Fixtures } from '../../support/fixtures';

/** What the laws of access cannot guess of projects. */
export const fixtures: Fixtures = {
  bodies: {
    'POST /app/projects': () => ({ name: 'A project', description: 'of somebody' }),
    'PATCH /app/projects/{id}': () => ({ name: 'Another project' }),
  },
};
