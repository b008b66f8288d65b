import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Inject,
  Injectable,
  type ModuleMetadata,
  Scope,
  UseGuards,
} from '@nestjs/common';
import { ConfigService, ConfigModule as NestConfigModule } from '@nestjs/config';
import { APP_GUARD, REQUEST } from '@nestjs/core';
import { EventEmitter2, EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import { AuthGuard } from '@nestjs/passport';
import { Cron, Interval, ScheduleModule } from '@nestjs/schedule';
import { ApiTags } from '@nestjs/swagger';
import {
  InjectThrottlerStorage,
  seconds,
  SkipThrottle,
  Throttle,
  ThrottlerGuard,
  ThrottlerModule,
  type ThrottlerStorage,
} from '@nestjs/throttler';
// What is tried here is what happens to those who write this.
// oxlint-disable-next-line no-restricted-imports
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { type Actor, type Constructor } from '@platform/kernel';
import { Can, CurrentActor, Public, RateLimit, SlidingWindowStorage } from '@platform/security';
import { type Repository } from 'typeorm';
import { describeEachDatabase } from '../../../../test/support/databases';
import { RouteRegistry } from '../src';
import { Note } from './notes.module';
import { type ProbeApp, startProbe } from './probe-app';

@Controller('app/limited')
class LimitedController {
  @Get()
  @Can('notes.use')
  @Throttle({ default: { limit: 2, ttl: seconds(60) } })
  list(): string[] {
    return [];
  }

  @Get('open')
  @Public('a test')
  @Throttle({ default: { limit: 2, ttl: 60_000 } })
  open(): string[] {
    return [];
  }
}

@Controller('app/quiet')
@SkipThrottle()
class QuietController {
  @Get()
  @Can('notes.use')
  list(): string[] {
    return [];
  }

  @Get('counted')
  @Can('notes.use')
  @SkipThrottle({ default: false })
  counted(): string[] {
    return [];
  }
}

@Injectable()
class MembersOnly implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToHttp().getRequest<{ headers: Record<string, string> }>().headers['x-member'] === 'yes';
  }
}

@Controller('app/members')
@UseGuards(MembersOnly)
class MembersController {
  @Get()
  @Can('notes.use')
  list(@CurrentActor() actor: Actor): string[] {
    return [actor.kind === 'user' ? actor.id : ''];
  }
}

@Controller('app/grouped')
@ApiTags('notes and more')
class GroupedController {
  @Get()
  @Can('notes.use')
  list(): string[] {
    return [];
  }
}

@Injectable()
class CountingService {
  constructor(@InjectThrottlerStorage() readonly storage: ThrottlerStorage) {}
}

describeEachDatabase('a habit of Nest that works', (database) => {
  let probe: ProbeApp;

  beforeAll(async () => {
    const controllers = [LimitedController, QuietController, MembersController, GroupedController];
    probe = await startProbe(database.environment(), controllers, {
      providers: [CountingService],
    });
  });
  afterAll(() => probe?.close());

  const call = (path: string, as?: string, headers?: Record<string, string>) =>
    probe.call('GET', `/api/v1/app/${path}`, { as, headers });
  const statuses = async (times: number, path: string, as?: string) => {
    const answers: number[] = [];
    for (let count = 0; count < times; count++) answers.push((await call(path, as)).status);
    return answers;
  };

  it('@Throttle: the limit of the route, for each caller, with our headers and our error', async () => {
    expect(await statuses(3, 'limited', 'cid1')).toEqual([200, 200, 429]);
    expect(await statuses(1, 'limited', 'cid2')).toEqual([200]);
    const refused = await call('limited', 'cid1');
    expect(refused.body.error.code).toBe('RATE_LIMIT_EXCEEDED');
    expect(refused.headers.get('x-ratelimit-limit')).toBe('2');
    expect(refused.headers.get('ratelimit-policy')).toBe('"LimitedController.list";q=2;w=60');
    expect(await statuses(3, 'limited/open')).toEqual([200, 200, 429]);
    const rows = probe.app.get(RouteRegistry).describe();
    expect(rows.find(({ handler }) => handler === 'LimitedController.list')?.rate_limit).toBe('2 in 60 s');
  });

  it('@SkipThrottle: counted by nothing; a route may say otherwise than its controller', async () => {
    expect((await call('quiet', 'ann')).headers.get('x-ratelimit-limit')).toBeNull();
    expect((await call('quiet/counted', 'ann')).headers.get('x-ratelimit-limit')).toBe('120');
  });

  it('ThrottlerStorage: the one that counts for the pipeline', () => {
    const { storage } = probe.app.get(CountingService, { strict: false });
    expect(storage).toBe(probe.app.get(SlidingWindowStorage));
  });

  it('@UseGuards of your own: after the pipeline, when the caller is known', async () => {
    expect((await call('members')).status).toBe(401);
    expect((await call('members', 'ann')).status).toBe(403);
    expect((await call('members', 'ann', { 'x-member': 'yes' })).body).toEqual(['ann']);
  });

  it('@ApiTags left out: the document shows the controller with its domain', async () => {
    const { body } = await probe.call('GET', '/api/v1/openapi.json');
    expect(body.paths['/api/v1/app/limited'].get.tags).toEqual(['notes']);
    expect(body.paths['/api/v1/app/grouped'].get.tags).toEqual(['notes and more']);
    expect(body.tags.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(['notes']));
  });
});

@Controller('app/limited')
class MisthrottledController {
  @Get('short')
  @Can('notes.use')
  @Throttle({ short: { limit: 2, ttl: 60_000 } })
  short(): void {}

  @Get('unknown')
  @Can('notes.use')
  @Throttle({ default: { limit: () => 2, ttl: 60 } })
  unknown(): void {}

  @Get('blocked')
  @Can('notes.use')
  @Throttle({ default: { limit: 2, ttl: 60_000, blockDuration: 9_000, getTracker: () => 'x' } })
  blocked(): void {}

  @Get('twice')
  @Can('notes.use')
  @SkipThrottle()
  @RateLimit('ai')
  twice(): void {}
}

@Controller('app/guarded')
class ThrottlerGuardedController {
  @Get()
  @Can('notes.use')
  @UseGuards(ThrottlerGuard)
  list(): void {}
}

@Injectable()
class NoteFinder {
  constructor(@InjectRepository(Note) readonly notes: Repository<Note>) {}
}

@Injectable()
class ConfiguredService {
  constructor(readonly config: ConfigService) {}
}

@Injectable()
class JwtAuthGuard extends AuthGuard('jwt') {}

@Controller('app/guarded')
class JwtGuardedController {
  @Get()
  @Can('notes.use')
  @UseGuards(JwtAuthGuard)
  list(): void {}
}

@Controller('app/guarded')
@UseGuards(AuthGuard('jwt'))
class GuardedController {
  @Get()
  @Can('notes.use')
  list(): void {}
}

@Injectable()
class NightlyTasks {
  @Cron('0 3 * * *')
  sweep(): void {}

  @Interval(1_000)
  poll(): void {}
}

@Injectable()
class MailingListener {
  @OnEvent('note.created')
  send(): void {}
}

@Injectable()
class TellingService {
  constructor(readonly events: EventEmitter2) {}
}

@Injectable({ scope: Scope.REQUEST })
class TenantOfRequest {}

@Injectable()
class AskingService {
  @Inject(REQUEST) readonly request: unknown;
}

@Controller({ path: 'app/scoped', scope: Scope.REQUEST })
class ScopedController {
  @Get()
  @Can('notes.use')
  list(): void {}
}

interface Refused {
  controllers?: Constructor[];
  imports?: ModuleMetadata['imports'];
  providers?: ModuleMetadata['providers'];
}

describe('a habit of Nest that the boot refuses', () => {
  const refusal = async ({ controllers = [], ...metadata }: Refused): Promise<string> =>
    startProbe({ ENVIRONMENT: 'local' }, controllers, metadata).then(
      async (probe) => {
        await probe.close();
        return 'it started';
      },
      (error: Error) => error.message,
    );

  it.each<[string, Refused, RegExp[]]>([
    [
      'ThrottlerGuard, ThrottlerModule: on a route, for the process, imported',
      {
        controllers: [ThrottlerGuardedController],
        imports: [ThrottlerModule.forRoot([{ limit: 1, ttl: 1_000 }])],
        providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }],
      },
      [
        /ThrottlerGuardedController\.list uses ThrottlerGuard or .*: remove it: every route is counted, @Throttle/,
        /- ThrottlerGuard uses ThrottlerGuard/,
        /- ProbeModule uses .*ThrottlerModule/,
      ],
    ],
    [
      '@InjectRepository, TypeOrmModule.forFeature: injected, imported',
      { providers: [NoteFinder], imports: [TypeOrmModule.forFeature([Note])] },
      [
        /NoteFinder uses a TypeORM repository .*: list the entity in @Domain\(\{ entities \}\)/,
        /ProbeModule uses a TypeORM repository/,
      ],
    ],
    [
      'ConfigService: injected, imported, asked by a factory',
      {
        providers: [ConfiguredService, { provide: 'key', inject: [ConfigService], useFactory: () => 'x' }],
        imports: [NestConfigModule],
      },
      [
        /ConfiguredService uses ConfigService .*<domain>\.config\.ts/,
        /key of ProbeModule uses ConfigService/,
        /- ProbeModule uses ConfigService/,
      ],
    ],
    [
      "@UseGuards(AuthGuard('jwt')): on a controller, on a route, as a class of your own, for the process",
      {
        controllers: [GuardedController, JwtGuardedController],
        providers: [{ provide: APP_GUARD, useClass: JwtAuthGuard }],
      },
      [
        /GuardedController uses AuthGuard .*@Can\('<permission>'\)/,
        /JwtGuardedController\.list uses AuthGuard/,
        /- JwtAuthGuard uses AuthGuard/,
      ],
    ],
    [
      '@Cron of @nestjs/schedule: on a method, imported; @Interval and @Timeout, too',
      { providers: [NightlyTasks], imports: [ScheduleModule.forRoot()] },
      [
        /NightlyTasks\.sweep uses @Cron.*@Cron\('<expression>', \{ name: .* of @platform\/queue/,
        /NightlyTasks\.poll uses @Cron, @Interval/,
        /ProbeModule uses @Cron/,
      ],
    ],
    [
      '@OnEvent, EventEmitter2: heard, told, imported',
      { providers: [MailingListener, TellingService], imports: [EventEmitterModule.forRoot()] },
      [
        /MailingListener\.send uses @nestjs\/event-emitter .*@OnDomainEvent\(<Event>\)/,
        /TellingService uses @nestjs\/event-emitter/,
        /ProbeModule uses @nestjs\/event-emitter/,
      ],
    ],
    [
      'Scope.REQUEST, @Inject(REQUEST): a provider, a controller, a factory, a property',
      {
        controllers: [ScopedController],
        providers: [
          TenantOfRequest,
          AskingService,
          { provide: 'tenant', scope: Scope.REQUEST, useFactory: () => 'x' },
          { provide: 'address', inject: [REQUEST], useFactory: () => 'x' },
        ],
      },
      [
        /TenantOfRequest is in request scope .*: take what differs .* @CurrentActor\(\)/,
        /ScopedController is in request scope/,
        /AskingService is in request scope/,
        /tenant of ProbeModule is in request scope/,
        /address of ProbeModule is in request scope/,
      ],
    ],
  ])('%s', async (_habit, metadata, words) => {
    const message = await refusal(metadata);
    for (const word of words) expect(message).toMatch(word);
    expect(message.match(/^ {2}- /gm)).toHaveLength(words.length);
  });
});

describeEachDatabase('what @Throttle cannot say here', (database) => {
  it('stops the boot, each with its fix', async () => {
    const started = startProbe(database.environment(), [MisthrottledController]);
    const message = await started.then(
      () => 'it started',
      (error: Error) => error.message,
    );
    for (const word of [
      "short (GET /api/v1/app/limited/short) names the throttler 'short', but a route has one limit",
      'unknown (GET /api/v1/app/limited/unknown) says @Throttle with a limit or a ttl that is no number known at boot',
      'blocked) gives @Throttle a blockDuration: remove it',
      'blocked) gives @Throttle a getTracker: remove it',
      'twice) says @RateLimit and @Throttle or @SkipThrottle: keep one of them',
    ]) {
      expect(message).toContain(word);
    }
  });
});
