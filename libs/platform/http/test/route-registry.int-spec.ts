import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { AuditLog, NoAudit } from '@platform/audit';
import { type Constructor } from '@platform/kernel';
import {
  type CallKey,
  Can,
  InBrowser,
  Meter,
  Public,
  Quota,
  RateLimit,
  RateLimitKey,
  RequireFeature,
} from '@platform/security';
import { Allow, IsString, MaxLength } from 'class-validator';
import { describeEachDatabase } from '../../../../test/support/databases';
import { Idempotent, RouteRegistry } from '../src';
import { NameKey } from './notes.module';
import { startProbe } from './probe-app';

@Controller('app/things')
class SilentController {
  @Post()
  @AuditLog('thing.created')
  create(): void {}
}

@Controller('app/things')
class UnrecordedController {
  @Post('copy')
  @Can('notes.use')
  copy(): void {}
}

@Controller('app/things')
class MisspeltController {
  @Get()
  @Can('notes.usee')
  list(): void {}

  @Get('fast')
  @Public('a test')
  @RateLimit('fasst')
  fast(): void {}
}

@Controller('app/things')
class UnboundController {
  @Get()
  @Can('notes.use')
  @RequireFeature('exports')
  @Meter('things.listed')
  @Quota('things')
  @Idempotent()
  list(): void {}
}

class ForgottenKey extends RateLimitKey {
  readonly countsBy = 'nothing';

  of(): CallKey | null {
    return null;
  }
}

@Controller('app/things')
class KeyedController {
  @Post('signed-in')
  @Can('notes.use')
  @NoAudit('a test')
  @RateLimit('auth.login', NameKey)
  signedIn(): void {}

  @Get('bodiless')
  @Public('a test')
  @RateLimit('auth.login', NameKey)
  bodiless(): void {}

  @Post('forgotten')
  @Public('a test')
  @NoAudit('a test')
  @RateLimit('auth.login', ForgottenKey)
  forgotten(): void {}
}

@Controller('app/things')
class BothController {
  @Get()
  @Can('notes.use')
  @Public('or not')
  list(): void {}
}

class MistoldDto {
  @ApiProperty()
  forgotten: string;

  @ApiProperty({ type: String, nullable: true })
  @IsString()
  never_null: string | null;

  @Allow()
  shapeless: unknown;
}

class MistoldQueryDto {
  @MaxLength(9)
  @ApiProperty()
  fine: string;

  @ApiProperty()
  unruled: string;
}

@Controller('app/things')
class MistoldController {
  @Post()
  @Can('notes.use')
  @NoAudit('a test')
  create(@Body() _body: MistoldDto, @Query() _query: MistoldQueryDto): void {}
}

@Controller({ path: 'app/things', version: '2' })
class GoodController {
  @Get(':id')
  @Can('notes.use')
  read(): void {}

  @Post('ping')
  @Public('a test')
  @NoAudit('nothing happens')
  @RateLimit('none')
  ping(): void {}

  @Post('ask')
  @Public('a test')
  @NoAudit('nothing happens')
  @RateLimit('auth.mail', NameKey)
  ask(): void {}
}

@Controller('app/page')
@Can('notes.use')
@InBrowser()
class PageController {
  @Get()
  show(): void {}

  @Post()
  @NoAudit('a test')
  save(): void {}
}

describeEachDatabase('the route registry', (database) => {
  const refusal = async (controller: Constructor): Promise<string> => {
    const started = startProbe(database.environment(), [controller]);
    return started.then(
      async (probe) => {
        await probe.close();
        return 'it started';
      },
      (error: Error) => error.message,
    );
  };

  it.each<[string, Constructor, string[]]>([
    [
      'a route that says neither @Can nor @Public',
      SilentController,
      ['SilentController.create (POST /api/v1/app/things) says neither @Can nor @Public', "add @Can('<permission>')"],
    ],
    [
      'a state-changing route that says neither @AuditLog nor @NoAudit',
      UnrecordedController,
      ['UnrecordedController.copy (POST /api/v1/app/things/copy)', '@AuditLog nor @NoAudit'],
    ],
    [
      'an unknown permission and an unknown policy, both at once',
      MisspeltController,
      ["unknown permission 'notes.usee'", "unknown rate-limit policy 'fasst'", 'use one of default, authenticated'],
    ],
    [
      'decorators whose port nobody binds, and @Idempotent on a GET',
      UnboundController,
      ['nothing binds FeatureGate', 'nothing binds UsageLedger', 'nothing binds QuotaLedger', 'is no POST'],
    ],
    [
      'a field that the OpenAPI document would tell otherwise than its rules',
      MistoldController,
      [
        'MistoldDto.forgotten stands in the OpenAPI document and has no rule',
        'MistoldDto.never_null may be null in the OpenAPI document, and its rules refuse null',
        'MistoldDto.shapeless has no type in the OpenAPI document: say it with @ApiProperty({ type })',
        'MistoldQueryDto.unruled stands in the OpenAPI document and has no rule',
      ],
    ],
    [
      'keys of rate limits that cannot count anything',
      KeyedController,
      [
        "signedIn (POST /api/v1/app/things/signed-in) says @RateLimit('auth.login', NameKey), but not @Public",
        "bodiless (GET /api/v1/app/things/bodiless) says @RateLimit('auth.login', NameKey), but takes no JSON body",
        "says @RateLimit('auth.login', ForgottenKey), but nothing provides ForgottenKey",
      ],
    ],
    [
      'a page for browsers that changes something, or whose port nobody binds',
      PageController,
      [
        'PageController.save (POST /api/v1/app/page) says @InBrowser and changes state: such a page only reads',
        'PageController.show (GET /api/v1/app/page) says @InBrowser, but nothing binds BrowserSessions',
      ],
    ],
    ['a route that says @Can and @Public', BothController, ["BothController.list says both @Can('notes.use')"]],
  ])('stops the boot at %s', async (_what, controller, words) => {
    const message = await refusal(controller);
    for (const word of words) expect(message).toContain(word);
  });

  it('describes every route with what it demands', async () => {
    const probe = await startProbe(database.environment(), [GoodController]);
    const rows = probe.app
      .get(RouteRegistry)
      .describe()
      .filter(({ handler }) => handler.startsWith('Good'));
    await probe.close();
    expect(rows).toEqual([
      {
        method: 'GET',
        path: '/api/v2/app/things/:id',
        handler: 'GoodController.read',
        access: 'notes.use',
        rate_limit: 'authenticated',
        idempotent: false,
      },
      {
        method: 'POST',
        path: '/api/v2/app/things/ask',
        handler: 'GoodController.ask',
        access: 'public',
        why: 'a test',
        rate_limit: 'auth.mail',
        rate_limit_by: 'name',
        idempotent: false,
        audit: 'none: nothing happens',
      },
      {
        method: 'POST',
        path: '/api/v2/app/things/ping',
        handler: 'GoodController.ping',
        access: 'public',
        why: 'a test',
        rate_limit: 'none',
        idempotent: false,
        audit: 'none: nothing happens',
      },
    ]);
  });
});
