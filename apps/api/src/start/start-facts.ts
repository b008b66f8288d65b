import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { CoreConfig } from '@platform/config';
import { OpenApi } from '@platform/http';
import { packageVersion } from '@platform/observability';
import { JobLedger } from '@platform/queue';
import { BoundPort, type DemoAccount, TokenGuide } from '@platform/security';
import { callLine, tokenLine } from './shell-lines';

/** Something to look at, with what it is. */
export interface StartLink {
  readonly name: string;
  readonly url: string;
  readonly about: string;
}

/** Something to try: what it is, and lines for a shell. */
export interface Trial {
  readonly title: string;
  readonly about: string;
  readonly run: readonly string[];
}

/** What a newcomer needs: told as a page and as JSON at `/`, and at boot in the banner. */
export interface Start {
  readonly name: string;
  readonly version: string;
  readonly environment: string;
  readonly mode: CoreConfig['mode'];
  readonly database: 'SQLite' | 'PostgreSQL';
  readonly worker: { readonly runs: 'inside this process' | 'as a process of its own'; readonly waiting_jobs: number };
  readonly links: readonly StartLink[];
  /** Where a token comes from. */
  readonly token: string;
  readonly passwords: boolean;
  readonly accounts: readonly DemoAccount[];
  readonly try: readonly Trial[];
}

/** Puts together what a newcomer needs. */
@Injectable()
export class StartFacts {
  private readonly guide: BoundPort<TokenGuide>;

  constructor(
    private readonly core: CoreConfig,
    private readonly openApi: OpenApi,
    private readonly jobs: JobLedger,
    modules: ModuleRef,
  ) {
    this.guide = new BoundPort(modules, TokenGuide);
  }

  /** All of it for a server that is reached under `base`. */
  async at(base: string): Promise<Start> {
    const { core } = this;
    const guide = this.guide.get();
    const accounts = (await guide?.demoAccounts()) ?? [];
    return {
      name: core.projectName,
      version: packageVersion(),
      environment: core.environment,
      mode: core.mode,
      database: core.usesSqlite ? 'SQLite' : 'PostgreSQL',
      worker: {
        runs: core.workerInline ? 'inside this process' : 'as a process of its own',
        waiting_jobs: await this.jobs.waiting(),
      },
      links: this.links(base),
      token: tokenText(guide, accounts),
      passwords: guide?.passwords ?? false,
      accounts,
      try: this.trials(guide?.passwords ? [tokenLine(base, accounts[0]), callLine(base, '$TOKEN')] : [callLine(base)]),
    };
  }

  private links(base: string): StartLink[] {
    const all: (StartLink | false)[] = [
      this.openApi.enabled && { name: 'Swagger UI', url: '/docs', about: 'Every route, to try in the browser' },
      this.openApi.enabled && { name: 'ReDoc v1', url: '/redoc/v1', about: 'The same to read, version 1' },
      this.openApi.enabled && { name: 'ReDoc v2', url: '/redoc/v2', about: 'Version 2: data and meta, cursors' },
      this.core.isLocal && { name: 'Mailbox', url: '/dev/mailbox', about: 'Every mail that was sent' },
      { name: 'Health', url: '/health/ready', about: 'Whether it can do its work' },
      { name: 'Metrics', url: '/api/v1/public/metrics', about: 'In the Prometheus text format' },
    ];
    return all.filter((link) => link !== false).map((link) => ({ ...link, url: `${base}${link.url}` }));
  }

  private trials(run: readonly string[]): Trial[] {
    const trials: (Trial | false)[] = [
      {
        title: 'Ask who you are',
        about: run.length > 1 ? 'The first line gets a token, the second uses it.' : 'Whether the server answers.',
        run,
      },
      this.core.isLocal && {
        title: 'Make a job happen',
        about:
          (this.core.workerInline ? '' : 'Start the worker. ') +
          'Register somebody in Swagger UI (“Try it out” is filled in), then read the welcome mail in the mailbox.',
        run: this.core.workerInline ? [] : ['npm start -- worker'],
      },
      this.core.isLocal && {
        title: 'Add a domain of your own',
        about:
          'Table, routes, permissions, events and tests in two commands; then start again (docs/guides/add-a-module.md).',
        run: [
          'npm run generate domain fleet -- --with api,worker,cli',
          'npm run generate resource fleet vehicle plate:string:unique capacity:int',
        ],
      },
    ];
    return trials.filter((trial) => trial !== false);
  }
}

function tokenText(guide: TokenGuide | null, accounts: readonly DemoAccount[]): string {
  if (!guide) return 'Nothing here gives a token.';
  const others = guide.issuers.length > 0 ? `Tokens of ${guide.issuers.join(' and ')} are taken (AUTH_PROVIDER). ` : '';
  if (!guide.passwords) return `${others}Send yours as Authorization: Bearer.`;
  const own =
    accounts.length > 0
      ? 'Sign in as one of the demo accounts, or register.'
      : 'Register with any address and a password of 10 characters or more; afterwards sign in with them.';
  const proof = guide.verifiesFirst ? ' The first time, follow the link in the mail before you sign in.' : '';
  return `${others}${own}${proof} A token is good for ${guide.minutes} minutes.`;
}
