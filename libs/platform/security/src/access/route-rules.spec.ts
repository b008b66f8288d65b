import { BootRefused } from '@platform/kernel';
import { Can, ForOneself, Meter, Public, Quota, RateLimit, RequireFeature } from './route-decorators';
import { routeAccess, routeRules } from './route-rules';

@Can('things.read')
@RateLimit('default')
class ThingsController {
  list(): void {}

  @Can('things.create')
  @RateLimit('ai')
  @RequireFeature('things')
  @Meter('things.created')
  @Quota('things')
  create(): void {}

  @Public('the price list is for everybody')
  prices(): void {}

  @Can('things.read')
  @Public('a contradiction')
  both(): void {}
}

@ForOneself()
class OwnController {
  @Can('things.read')
  leave(): void {}
}

class SilentController {
  list(): void {}
}

const { create, list, prices, both } = ThingsController.prototype;
const { leave } = OwnController.prototype;

describe('the rules of a route', () => {
  it('are all that its decorators say', () => {
    expect(routeRules(create, ThingsController)).toEqual({
      access: { kind: 'permission', permission: 'things.create' },
      rateLimit: 'ai',
      feature: 'things',
      metric: 'things.created',
      quota: 'things',
      stepUp: false,
    });
  });

  it("are its controller's where it says nothing itself", () => {
    expect(routeRules(list, ThingsController)).toMatchObject({
      access: { kind: 'permission', permission: 'things.read' },
      rateLimit: 'default',
    });
  });

  it('say that a route is about oneself where it does, or its controller', () => {
    expect(routeRules(leave, OwnController).forOneself).toBe(true);
    expect(routeRules(list, ThingsController).forOneself).toBeUndefined();
  });

  it('open a single route of a closed controller', () => {
    expect(routeAccess(prices, ThingsController)).toEqual({ kind: 'public', why: 'the price list is for everybody' });
  });

  it('are unknown when nobody says anything', () => {
    expect(routeAccess(SilentController.prototype.list, SilentController)).toBeUndefined();
  });

  it('refuse a route that is closed and open at once', () => {
    expect(() => routeAccess(both, ThingsController)).toThrow(BootRefused);
    expect(() => routeAccess(both, ThingsController)).toThrow(/ThingsController\.both.*@Can\('things\.read'\)/s);
  });

  it('refuse words that say nothing', () => {
    expect(() => Public(' ')).toThrow(/@Public\(''\) says nothing/);
    expect(() => Can('')).toThrow(/permission/);
  });
});
