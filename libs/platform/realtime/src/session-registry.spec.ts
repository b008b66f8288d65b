import { type Actor } from '@platform/kernel';
import { type Session, SessionRegistry } from './session-registry';

function session(socketId: string, userId: string, rest: { expiresAt?: Date; recheckAt?: number } = {}): Session {
  const actor: Actor = { kind: 'user', id: userId, permissions: new Set(), expiresAt: rest.expiresAt };
  return { socketId, actor, token: 't', recheckAt: rest.recheckAt ?? Infinity };
}

describe('SessionRegistry', () => {
  it('counts sockets and the people behind them', () => {
    const sessions = new SessionRegistry();
    sessions.add(session('a', 'ada'));
    sessions.add(session('b', 'ada'));
    sessions.add(session('c', 'grace'));
    expect([sessions.size, sessions.users, sessions.countOf('ada')]).toEqual([3, 2, 2]);

    sessions.remove('a');
    sessions.remove('a');
    expect([sessions.size, sessions.users, sessions.countOf('ada')]).toEqual([2, 2, 1]);

    sessions.remove('b');
    expect([sessions.size, [...sessions.userIds()]]).toEqual([1, ['grace']]);
  });

  it('finds what has expired and what is due, no more than asked for', () => {
    const sessions = new SessionRegistry();
    sessions.add(session('past', 'u', { expiresAt: new Date(1_000), recheckAt: 500 }));
    sessions.add(session('now', 'u', { expiresAt: new Date(2_000), recheckAt: 2_000 }));
    sessions.add(session('later', 'u', { expiresAt: new Date(2_001), recheckAt: 2_001 }));
    sessions.add(session('never', 'u'));
    expect(sessions.expiredAt(2_000).map(({ socketId }) => socketId)).toEqual(['past', 'now']);
    expect(sessions.dueAt(2_000, 10).map(({ socketId }) => socketId)).toEqual(['past', 'now']);
    expect(sessions.dueAt(2_000, 1).map(({ socketId }) => socketId)).toEqual(['past']);
  });
});
