import { ANONYMOUS, runInContext } from '@platform/kernel';
import { currentActor } from './current-actor';

class ThingsController {
  list(): void {}
}
// Nest's generic signatures promise any class and function; one of each is enough here.
const route = { getClass: () => ThingsController as never, getHandler: () => ThingsController.prototype.list as never };

describe('the current actor', () => {
  it('is who the request was authenticated as', () => {
    const found = runInContext({ requestId: 'r', actor: ANONYMOUS }, () => currentActor(route));
    expect(found).toBe(ANONYMOUS);
  });

  it('is asked for in vain on a route that authenticates nobody, and the error names the route', () => {
    expect(() => runInContext({ requestId: 'r' }, () => currentActor(route))).toThrow(/ThingsController\.list.*@Can/);
  });
});
