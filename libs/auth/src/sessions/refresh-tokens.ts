import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { SignedText, urlSafeToken } from '@platform/crypto';

/** Whose refresh token it is: ids without their dashes. */
export interface RefreshTokenOwner {
  readonly sessionId: string;
  readonly userId: string;
}

const ID_DIGITS = 32;

/**
 * The text of a refresh token: 256 bits of chance and, signed, which session of whom it is of. So a rate limit counts
 * sessions without asking the database, and nobody can name a session whose token they never held.
 */
@Injectable()
export class RefreshTokens {
  private readonly signed: SignedText;

  constructor({ secretKey }: CoreConfig) {
    this.signed = new SignedText(secretKey, 'refresh-token');
  }

  /** A new token, 125 characters. */
  make(sessionId: string, userId: string): string {
    const chance = urlSafeToken(32);
    const owner = Buffer.from(`${sessionId}${userId}`.replaceAll('-', ''), 'hex').toString('base64url');
    return `${chance}.${this.signed.sign(owner, chance)}`;
  }

  /** Whose token it is, good or not; null when it was not made here, or before tokens were signed. */
  ownerOf(token: string): RefreshTokenOwner | null {
    const dot = token.indexOf('.');
    const owner = dot === -1 ? null : this.signed.open(token.slice(dot + 1), token.slice(0, dot));
    if (owner === null) return null;
    const ids = Buffer.from(owner, 'base64url').toString('hex');
    return { sessionId: ids.slice(0, ID_DIGITS), userId: ids.slice(ID_DIGITS) };
  }
}
