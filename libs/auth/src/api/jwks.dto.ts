import { ApiProperty } from '@nestjs/swagger';
import { type JWK } from 'jose';

/** The public half of a key that signs access tokens: RFC 7517, RFC 7518 §6.2. */
export class JwkDto {
  @ApiProperty({ enum: ['EC'] })
  kty: string;

  @ApiProperty({ enum: ['P-256'] })
  crv?: string;

  /** Base64url. */
  @ApiProperty({ example: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU' })
  x?: string;

  /** Base64url. */
  @ApiProperty({ example: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0' })
  y?: string;

  /** Stands in the header of the tokens that it signed. */
  @ApiProperty({ example: '0198f1c2-6f3a-7000-8000-000000000001' })
  kid?: string;

  @ApiProperty({ enum: ['sig'] })
  use?: string;

  @ApiProperty({ enum: ['ES256'] })
  alg?: string;

  /** Nothing of a private half leaves, whatever the row holds. */
  static of({ alg, crv, kid, kty, use, x, y }: JWK): JwkDto {
    const dto = new JwkDto();
    dto.kty = kty ?? 'EC';
    Object.assign(dto, { crv, x, y, kid, use, alg });
    return dto;
  }
}

/** A set of keys: RFC 7517 §5. */
export class JwksDto {
  @ApiProperty({ type: [JwkDto] })
  keys: JwkDto[];

  /** The keys in their order. */
  static of(keys: readonly JWK[]): JwksDto {
    const dto = new JwksDto();
    dto.keys = keys.map((key) => JwkDto.of(key));
    return dto;
  }
}
