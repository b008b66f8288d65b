import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, Length, Matches } from 'class-validator';
import { type OidcProvider } from '../oidc/oidc-providers';

/** A provider that people may sign in with. */
export class OidcProviderDto {
  /** Its place in the addresses: `public/auth/oidc/{name}/start`. */
  @ApiProperty({ example: 'acme' })
  name: string;

  /** What a button says. */
  @ApiProperty({ example: 'Acme' })
  label: string;

  static of({ label, name }: OidcProvider): OidcProviderDto {
    const dto = new OidcProviderDto();
    dto.name = name;
    dto.label = label;
    return dto;
  }
}

/** How a way through a provider begins. */
export class StartOidcDto {
  /** S256 of a secret that you keep (RFC 7636 §4.2): the code that comes back is then worth nothing without it. */
  @IsOptional()
  @Matches(/^[A-Za-z0-9_-]{43}$/, { message: 'code_challenge must be base64url of 32 bytes: 43 characters' })
  code_challenge?: string;

  /** Part of the address that `POST app/auth/identities/{provider}/start` gives. */
  @IsOptional()
  @IsString()
  @Length(1, 1024)
  link_token?: string;
}

/** A one-time code to use. */
export class OidcCodeDto {
  /** As it came in the address; good for 60 seconds and one use. */
  @IsString()
  @Length(1, 128)
  code: string;

  /**
   * The secret whose `code_challenge` the way began with; needed if and only if there was one.
   * @example dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk
   */
  @IsOptional()
  @Matches(/^[A-Za-z0-9._~-]{43,128}$/, { message: 'code_verifier must be 43 to 128 characters of RFC 7636 §4.1' })
  code_verifier?: string;
}
