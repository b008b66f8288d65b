import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { isCommonPassword } from '../passwords/new-password';
import { ChangePasswordDto, RegisterDto, ResetPasswordDto } from './account.dto';

const DTOS = [
  [RegisterDto, 'password', { email: 'a@b.de' }],
  [ResetPasswordDto, 'password', { token: 't'.repeat(43) }],
  [ChangePasswordDto, 'new_password', { current_password: 'password123456' }],
] as const;

describe('a new password', () => {
  it.each([
    'password123456',
    'Password123456',
    'PASSWORD-1234!',
    'qwertyuiop',
    '1234567890',
    '!!!basketball!!!',
    'ｐａｓｓｗｏｒｄ１２３４５６',
    '2026sunshine2026',
  ])('is not %p, which everybody tries', (password) => expect(isCommonPassword(password)).toBe(true));

  it.each([
    'correct horse battery',
    'omnistack-demo',
    'another good password',
    'Gr-7tq:xx0Lm',
    '8402917365_44',
    'пароль из слов',
  ])('may be %p', (password) => expect(isCommonPassword(password)).toBe(false));

  it.each(DTOS)('in %p is refused by its field with what to do, and prepared', (dto, field, rest) => {
    const problemsOf = (password: string) => {
      const made = plainToInstance(dto as typeof RegisterDto, { ...rest, [field]: password });
      const errors = validateSync(made).filter((error) => error.property === field);
      return errors.flatMap((error) => Object.values(error.constraints ?? {}));
    };
    expect(problemsOf('password123456')).toEqual([expect.stringMatching(/everybody tries first; choose another one/)]);
    expect(problemsOf('tab\tin the middle')).toEqual([expect.stringMatching(/leave them out/)]);
    expect(problemsOf('zx-9q')).toEqual([expect.stringMatching(/longer than or equal to 10/)]);
    expect(problemsOf('Crème brûlée à la carte')).toEqual([]);
    // The length is that of what is hashed.
    expect(problemsOf('é'.repeat(128).normalize('NFD'))).toEqual([]);
    expect(problemsOf('é'.repeat(5).normalize('NFD'))).toHaveLength(1);
  });
});
