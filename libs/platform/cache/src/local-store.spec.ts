import { LocalStore } from './local-store';

describe('the local store', () => {
  it('keeps a value until its end and not a millisecond longer', () => {
    const store = new LocalStore(10);
    store.set('a', 1, 1_000, 50, []);
    expect(store.find('a', 1_049)?.value).toBe(1);
    expect(store.find('a', 1_050)).toBeUndefined();
    expect(store.size).toBe(0);
  });

  it('does not believe an entry from the future, so setting the clock back prolongs nothing', () => {
    const store = new LocalStore(10);
    store.set('a', 1, 600_000, 5_000, []);
    expect(store.find('a', 0)).toBeUndefined();
  });

  it('keeps undefined and null like any value', () => {
    const store = new LocalStore(10);
    store.set('nothing', null, 0, 10, []);
    expect(store.find('nothing', 1)).toEqual(expect.objectContaining({ value: null }));
  });

  it('forgets all that carry a tag and nothing else', () => {
    const store = new LocalStore(10);
    store.set('a', 1, 0, 100, ['user:1', 'list']);
    store.set('b', 2, 0, 100, ['list']);
    store.set('c', 3, 0, 100, []);
    store.deleteTag('list');
    expect([store.find('a', 1), store.find('b', 1)]).toEqual([undefined, undefined]);
    expect(store.find('c', 1)?.value).toBe(3);
  });

  it('forgets the tags of a value that was replaced', () => {
    const store = new LocalStore(10);
    store.set('a', 1, 0, 100, ['old']);
    store.set('a', 2, 0, 100, ['new']);
    store.deleteTag('old');
    expect(store.find('a', 1)?.value).toBe(2);
  });

  it('never holds more than its bound and lets go what nobody read', () => {
    const store = new LocalStore(3);
    for (const key of ['a', 'b', 'c']) store.set(key, key, 0, 1_000, ['all']);
    store.find('a', 1);
    store.set('d', 'd', 1, 1_000, []);
    expect(store.size).toBe(3);
    expect(store.find('a', 2)?.value).toBe('a');
    expect(store.find('b', 2)).toBeUndefined();
  });

  it('stays within its bound when everything has been read', () => {
    const store = new LocalStore(100);
    for (let index = 0; index < 10_000; index++) {
      store.set(`k${index}`, index, 0, 1_000, [`t${index % 7}`]);
      store.find(`k${index}`, 1);
    }
    expect(store.size).toBe(100);
  });
});
