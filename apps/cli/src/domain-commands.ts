import { type CommandMetadata } from 'nest-commander';
import { CommandMeta } from 'nest-commander/src/constants';
import { DOMAINS } from './domains';

/** First words of the commands that domains and platform parts bring → what they are for; read without starting anything. */
export function domainCommands(): Map<string, string> {
  const providers = DOMAINS.flatMap((module) => (Reflect.getMetadata('providers', module) ?? []) as object[]);
  const commands = providers
    .map((provider) => Reflect.getMetadata(CommandMeta, provider) as CommandMetadata | undefined)
    .filter((command) => command !== undefined);
  return new Map(commands.map(({ name, description }) => [name, description ?? '']));
}
