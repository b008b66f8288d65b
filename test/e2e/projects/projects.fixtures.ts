import { type Fixtures } from '../../support/fixtures';

/** What the access rules cannot guess of projects. */
export const fixtures: Fixtures = {
  bodies: { 'POST /app/projects': body, 'PATCH /app/projects/{id}': body },
};

async function body(): Promise<object> {
  return { name: 'A project', description: 'of somebody' };
}
