import { Quarantine } from './quarantine';

describe('Quarantine', () => {
  it('lets one in at a time, in the order of arrival', async () => {
    const quarantine = new Quarantine();
    const order: string[] = [];
    expect(quarantine.tryEnter()).toBe(true);
    expect(quarantine.tryEnter()).toBe(false);
    const second = quarantine.enterWithin(1_000).then(() => order.push('second'));
    const third = quarantine.enterWithin(1_000).then(() => order.push('third'));
    quarantine.leave();
    await second;
    expect(order).toEqual(['second']);
    expect(quarantine.tryEnter()).toBe(false);
    quarantine.leave();
    await third;
    quarantine.leave();
    expect(quarantine.tryEnter()).toBe(true);
  });

  it('turns away who waited in vain, and does not give the place to them later', async () => {
    const quarantine = new Quarantine();
    quarantine.tryEnter();
    expect(await quarantine.enterWithin(5)).toBe(false);
    quarantine.leave();
    expect(quarantine.tryEnter()).toBe(true);
  });
});
