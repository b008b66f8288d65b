import { IsString, Length } from 'class-validator';

/** A link into the pages for admins. */
export class BrowserLinkDto {
  /** Open it in a browser; good once. */
  url: string;

  /** When it is good no more. */
  expires_at: Date;

  static of({ expiresAt, token }: { token: string; expiresAt: Date }, base: string): BrowserLinkDto {
    const dto = new BrowserLinkDto();
    dto.url = `${base}/admin/session?token=${token}`;
    dto.expires_at = expiresAt;
    return dto;
  }
}

/** What the link holds. */
export class OpenBrowserSessionDto {
  /** 256 bits of chance, base64url. */
  @IsString()
  @Length(43, 43)
  token: string;
}
