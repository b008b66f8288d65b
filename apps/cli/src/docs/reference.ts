import { Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { DECLARATIONS, readEnvironment, sectionsOf } from '@platform/config';
import { type Constructor, type DomainDeclaration } from '@platform/kernel';
import { BuiltApp } from '../built-app';
import { eventsPage, pagesPage, permissionsPage } from './contracts-pages';
import { jobsPage, type JobLine, readJobs } from './jobs-page';
import { type ApiDescription, readApiDescription, type RouteLine, routesPage } from './routes-page';
import { asText, environmentExample, settingLines, settingsPage, type SettingsSection } from './settings-page';
import { subjectDataPage } from './subject-data-page';

/** One setting as the process reads it now. A type, so that it is also a row of a table. */
export type SettingInForce = {
  setting: string;
  value: string;
  from: 'environment' | 'default' | 'unset';
};

/** What the code says about itself, as lists for commands and as files for `docs/reference`. */
@Injectable()
export class Reference {
  constructor(
    @Inject(DECLARATIONS) private readonly declarations: readonly DomainDeclaration[],
    private readonly modules: ModuleRef,
    private readonly built: BuiltApp,
  ) {}

  /** Every file that `npm run docs` writes: path from the root of the repository → text. */
  async files(): Promise<Map<string, string>> {
    const [api, jobs] = await Promise.all([this.api(), this.jobs()]);
    const settings = settingLines(this.sections());
    const replaced = Object.assign({}, ...this.sections().map((section) => section.replaced)) as Record<string, string>;
    return new Map([
      ['.env.example', environmentExample(settings)],
      ['docs/reference/events.md', eventsPage(this.declarations)],
      ['docs/reference/jobs.md', jobsPage(jobs)],
      ['docs/reference/openapi.v1.json', asJson(api.openapi.v1)],
      ['docs/reference/pages.md', pagesPage(this.declarations)],
      ['docs/reference/permissions.md', permissionsPage(this.declarations)],
      ['docs/reference/routes.md', routesPage(api.routes)],
      ['docs/reference/settings.md', settingsPage(settings, replaced)],
      ['docs/reference/subject-data.md', subjectDataPage(this.declarations)],
    ]);
  }

  /** The routes of the API process. */
  async routes(): Promise<RouteLine[]> {
    return (await this.api()).routes;
  }

  /** The jobs, schedules and listeners of the worker process. */
  async jobs(): Promise<JobLine[]> {
    return readJobs(await this.built.describe('worker'));
  }

  /** The value of every setting in this environment; a secret shows only that it is set. */
  settingsInForce(): SettingInForce[] {
    const environment = readEnvironment();
    return this.sections().flatMap((section) => {
      // A section class is its own injection token, and an instance is a bag of its values.
      const values = this.modules.get(section, { strict: false }) as unknown as Record<string, unknown>;
      return Object.entries(section.definitions).map(([property, { key, secret }]) => {
        const value = values[property];
        const text = asText(value);
        const from = environment[key] ? 'environment' : value === undefined ? 'unset' : 'default';
        return { setting: key, value: secret && text !== '' ? '(set)' : text, from };
      });
    });
  }

  private async api(): Promise<ApiDescription> {
    return readApiDescription(await this.built.describe('api'));
  }

  private sections(): (Constructor & SettingsSection)[] {
    // Every declared section was made by settings(), which puts both names on the class.
    return sectionsOf(this.declarations) as (Constructor & SettingsSection)[];
  }
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
