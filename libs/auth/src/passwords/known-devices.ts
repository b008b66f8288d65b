import { Injectable } from '@nestjs/common';
import { type User } from '@omni/users';
import { CoreConfig } from '@platform/config';
import { SealedText, urlSafeToken } from '@platform/crypto';
import { EMAIL_ADDRESS } from '@platform/security';
import { LocalCredentials } from './local-credentials';

/**
 * Devices that signed in to an account before, by a token that they keep. It opens for the account's address alone, and
 * is worth nothing once the password is another one; nothing of it is stored. It lets nobody in: guesses that come with
 * it are counted apart from those of strangers.
 */
@Injectable()
export class KnownDevices {
  private readonly sealed: SealedText;

  constructor(
    private readonly credentials: LocalCredentials,
    core: CoreConfig,
  ) {
    this.sealed = new SealedText(core.secretKey, 'known-device');
  }

  /** A token for the device that has just signed in. */
  async issue({ email, id }: Pick<User, 'id' | 'email'>): Promise<string> {
    const content = [urlSafeToken(12), await this.credentials.versionOf(id)];
    return this.sealed.seal(JSON.stringify(content), EMAIL_ADDRESS.normalise(email));
  }

  /**
   * Which device shows one of these tokens, if the account of the address knows it still. For an address that nobody
   * has it looks as long.
   */
  async find(email: string, userId: string | undefined, tokens: readonly string[]): Promise<string | undefined> {
    const shown = this.opened(email, tokens);
    if (shown.length === 0 || userId === undefined) return undefined;
    const present = await this.credentials.versionOf(userId);
    return shown.find(({ version }) => version === present)?.device;
  }

  /** Which device one of these tokens was given to, known still or not: without a query, for rate limits. */
  named(email: string, tokens: readonly string[]): string | undefined {
    return this.opened(email, tokens)[0]?.device;
  }

  private opened(email: string, tokens: readonly string[]): { device: string; version: string }[] {
    const account = EMAIL_ADDRESS.normalise(email);
    return tokens.flatMap((token) => {
      const text = this.sealed.open(token, account);
      if (text === null) return [];
      // Nobody else can seal: it is what issue() wrote.
      const [device, version] = JSON.parse(text) as [string, string];
      return { device: `device:${device}`, version };
    });
  }
}
