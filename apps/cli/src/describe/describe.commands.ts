import { Inject } from '@nestjs/common';
import { DECLARATIONS } from '@platform/config';
import { type DomainDeclaration } from '@platform/kernel';
import { Command, CommandRunner, Option } from 'nest-commander';
import { eventLines, permissionLines } from '../docs/contracts-pages';
import { Reference } from '../docs/reference';
import { Output } from '../output';

/** `omni routes` */
@Command({ name: 'routes', description: 'Every route that the API serves, with what it demands' })
export class RoutesCommand extends CommandRunner {
  constructor(
    private readonly reference: Reference,
    private readonly output: Output,
  ) {
    super();
  }

  async run(_arguments: string[], options: { json?: boolean }): Promise<void> {
    const routes = await this.reference.routes();
    this.output.table(routes, { json: options.json, empty: 'The API serves no route' });
  }

  @Option({ flags: '--json', description: 'print JSON' })
  json(): boolean {
    return true;
  }
}

/** `omni events` */
@Command({ name: 'events', description: 'Every event that domains publish' })
export class EventsCommand extends CommandRunner {
  constructor(
    @Inject(DECLARATIONS) private readonly declarations: readonly DomainDeclaration[],
    private readonly output: Output,
  ) {
    super();
  }

  async run(_arguments: string[], options: { json?: boolean }): Promise<void> {
    this.output.table(eventLines(this.declarations), { json: options.json, empty: 'No domain publishes an event' });
  }

  @Option({ flags: '--json', description: 'print JSON' })
  json(): boolean {
    return true;
  }
}

/** `omni permissions` */
@Command({ name: 'permissions', description: 'Every permission, and the roles that hold it' })
export class PermissionsCommand extends CommandRunner {
  constructor(
    @Inject(DECLARATIONS) private readonly declarations: readonly DomainDeclaration[],
    private readonly output: Output,
  ) {
    super();
  }

  async run(_arguments: string[], options: { json?: boolean }): Promise<void> {
    const lines = permissionLines(this.declarations);
    if (options.json) return this.output.json(lines);
    const rows = lines.map(({ permission, roles, domain, summary }) => ({
      permission,
      roles: roles.join(' '),
      domain,
      summary,
    }));
    this.output.table(rows, { empty: 'No domain declares a permission' });
  }

  @Option({ flags: '--json', description: 'print JSON' })
  json(): boolean {
    return true;
  }
}

/** `omni settings` */
@Command({ name: 'settings', description: 'Every setting, what is in force, and where it comes from; never a secret' })
export class SettingsCommand extends CommandRunner {
  constructor(
    private readonly reference: Reference,
    private readonly output: Output,
  ) {
    super();
  }

  async run(_arguments: string[], options: { json?: boolean }): Promise<void> {
    this.output.table(this.reference.settingsInForce(), { json: options.json, empty: 'No settings are declared' });
  }

  @Option({ flags: '--json', description: 'print JSON' })
  json(): boolean {
    return true;
  }
}
