import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { type RedisConnections } from '@platform/cache';
import { LoadedSettings } from '@platform/config';
import { SystemClock } from '@platform/kernel';
import { RateLimitConfig, SlidingWindowStorage } from '@platform/security';

const config = LoadedSettings.load([RateLimitConfig], {}).get(RateLimitConfig);
// Without REDIS_URL there is no connection; the storage asks for nothing else.
const storage = new SlidingWindowStorage(
  config,
  { dedicated: () => undefined } as unknown as RedisConnections,
  new SystemClock(),
);

@Controller('things')
class ThingsController {
  @Get()
  @UseGuards(ThrottlerGuard)
  list(): string[] {
    return [];
  }
}

@Module({
  imports: [ThrottlerModule.forRoot({ throttlers: [{ limit: 3, ttl: 60_000 }], storage })],
  controllers: [ThingsController],
})
class ThingsModule {}

describe('the guard of @nestjs/throttler on our storage', () => {
  it('allows the limit and refuses the next, with its own headers', async () => {
    const app = await NestFactory.create(ThingsModule, { logger: false });
    try {
      await app.listen(0, '127.0.0.1');
      const answers: Response[] = [];
      for (let call = 0; call < 4; call++) answers.push(await fetch(`${await app.getUrl()}/things`));
      expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 429]);
      expect(answers.map((answer) => answer.headers.get('x-ratelimit-remaining'))).toEqual(['2', '1', '0', null]);
      expect(Number(answers[3]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(60);
    } finally {
      await app.close();
    }
  });
});
