import { type ModuleRef } from '@nestjs/core';
import { CoreConfig, LoadedSettings } from '@platform/config';
import { BootRefused } from '@platform/kernel';
import { type OpenApi } from '@platform/http';
import { type JobLedger } from '@platform/queue';
import { TokenGuide } from '@platform/security';
import { type Start, StartFacts } from './start-facts';
import { startPage } from './start-page';
import { StartModule } from './start.module';

const BASE = 'https://api.example.com';
const NOWHERE_NEAR_A_SAMPLE = 'Zq8w7e6r5t4y3u2i1o0pZq8w7e6r5t4y';

class Guide extends TokenGuide {
  passwords = true;
  verifiesFirst = false;
  minutes = 15;
  issuers: string[] = [];
  demo = [];

  async demoAccounts() {
    return this.demo;
  }
}

function core(environment: Record<string, string>): CoreConfig {
  const settings = { SECRET_KEY: NOWHERE_NEAR_A_SAMPLE, DATABASE_URL: 'postgres://localhost/app', ...environment };
  return LoadedSettings.load([CoreConfig], settings).get(CoreConfig);
}

function told(environment: Record<string, string>, guide: Partial<Guide> = {}, docs = true): Promise<Start> {
  // Of its collaborators the facts ask for these members only.
  const openApi = { enabled: docs } as OpenApi;
  const jobs = { waiting: async () => 3 } as unknown as JobLedger;
  const modules = { get: () => Object.assign(new Guide(), guide) } as unknown as ModuleRef;
  return new StartFacts(core(environment), openApi, jobs, modules).at(BASE);
}

const namesOf = ({ links }: Start): string[] => links.map(({ name }) => name);

describe('what a newcomer is told', () => {
  it('counts the jobs that wait for a worker that is a process of its own, and says how to start it', async () => {
    const start = await told({ ENVIRONMENT: 'local' });
    expect(start.worker).toEqual({ runs: 'as a process of its own', waiting_jobs: 3 });
    expect(startPage(start)).toMatch(/npm start -- worker<\/code>.*Jobs that wait for it: 3/s);
  });

  it('shows outside of local no mailbox, and nothing that is for the repository', async () => {
    const start = await told({ ENVIRONMENT: 'staging' });
    expect(namesOf(start)).toEqual(['Swagger UI', 'ReDoc v1', 'ReDoc v2', 'Health', 'Metrics']);
    expect(start.try).toHaveLength(1);
  });

  it('shows no document that is not served', async () => {
    expect(namesOf(await told({ ENVIRONMENT: 'local' }, {}, false))).toEqual(['Mailbox', 'Health', 'Metrics']);
  });

  it.each<[Partial<Guide>, RegExp, string]>([
    [{}, /^Register .* 15 minutes\.$/, 'for way in register login'],
    [{ verifiesFirst: true }, /follow the link in the mail before you sign in/, 'register login'],
    [{ passwords: false, issuers: ['clerk'] }, /^Tokens of clerk are taken/, 'public/health'],
  ])('says where a token comes from: %p', async (guide, text, line) => {
    const start = await told({ ENVIRONMENT: 'local' }, guide);
    expect(start.token).toMatch(text);
    expect(start.try[0]?.run[0]).toContain(line);
    expect(startPage(start).includes('<form')).toBe(guide.passwords !== false);
  });

  it('escapes the name of the service', async () => {
    expect(startPage(await told({ ENVIRONMENT: 'local', PROJECT_NAME: '<b>&' }))).toContain('<h1>&lt;b&gt;&amp;</h1>');
  });

  it('is told to nobody in production', () => {
    expect(() => new StartModule(core({ ENVIRONMENT: 'production' }))).toThrow(BootRefused);
  });
});
