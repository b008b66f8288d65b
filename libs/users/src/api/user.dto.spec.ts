import { User } from '../entities/user.entity';
import { UserV2Dto } from './user.dto';

const user = Object.assign(new User(), { createdAt: new Date('2026-01-01T12:00:00Z') });

describe('an account in v2', () => {
  it('counts whole days since it was made, and none backwards', () => {
    const days = (now: string) => UserV2Dto.at(user, new Date(now)).days_since_joined;
    expect(days('2026-01-02T11:59:59Z')).toBe(0);
    expect(days('2026-01-02T12:00:00Z')).toBe(1);
    expect(days('2025-12-31T00:00:00Z')).toBe(0);
  });
});
