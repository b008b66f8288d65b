import { Controller, Get, Header, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Flat } from '@platform/http';
import { Public } from '@platform/security';
import { SigningKeysService } from '../tokens/signing-keys.service';
import { JwksDto } from './jwks.dto';

/** The keys by which anybody can verify our access tokens. */
@ApiTags('auth')
@Controller({ path: '.well-known', version: VERSION_NEUTRAL })
@Public('public keys are there to be read')
@Flat()
export class JwksController {
  constructor(private readonly keys: SigningKeysService) {}

  /** The public keys of our access tokens (RFC 7517); a key stands here two minutes before it signs. */
  @Get('jwks.json')
  @Header('Cache-Control', 'public, max-age=60')
  async published(): Promise<JwksDto> {
    return JwksDto.of(await this.keys.published());
  }
}
