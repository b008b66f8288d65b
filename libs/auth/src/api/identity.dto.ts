import { ApiProperty } from '@nestjs/swagger';
import { type UserIdentity } from '../entities/user-identity.entity';

/** An identity of the caller's account. */
export class IdentityDto {
  /** `local`, `oidc:<name>`, or another issuer of tokens. */
  @ApiProperty({ maxLength: 64, example: 'local' })
  provider: string;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  /** The provider's id of the person stays inside. */
  static of({ createdAt, provider }: UserIdentity): IdentityDto {
    const dto = new IdentityDto();
    dto.provider = provider;
    dto.created_at = createdAt.toISOString();
    return dto;
  }
}

/** Where to go to link an identity. */
export class LinkStartDto {
  /** For the person's own browser, within two minutes. */
  @ApiProperty({ format: 'uri', example: 'https://idp.example.com/authorize?client_id=omnistack' })
  url: string;

  static of(url: string): LinkStartDto {
    const dto = new LinkStartDto();
    dto.url = url;
    return dto;
  }
}
