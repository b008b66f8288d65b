import { randomBytes } from 'node:crypto';
import { weaknessOf } from './secret-strength';

describe('the weakness of a secret', () => {
  it.each([
    ['one letter', 'k'.repeat(40)],
    ['two letters', 'ab'.repeat(20)],
    ['a piece again and again', 'Zq8-x!Lm2#'.repeat(4)],
    ['a piece that ends in the middle', 'Zq8-x!Lm2#Pv7'.repeat(3).slice(0, 35)],
    ['the alphabet', 'abcdefghijklmnopqrstuvwxyz0123456789'],
    ['figures in their order', '12345678901234567890123456789012'],
    ['letters in their order, backwards', 'zyxwvutsrqponmlkjihgfedcba9876543210'],
    ['few letters in any order', 'aaaabbbbccccddddabcdabcdaabbccddadcb'],
    ['the sample of Supabase', 'super-secret-jwt-token-with-at-least-32-characters-long'],
    ['a sample', 'change-me-change-me-please-change-me!'],
    ['a password', 'MyPassword-MyPa55word-123!-My-Pa5s'],
  ])('is told of %s', (_what, secret) => {
    expect(weaknessOf(secret)).toMatch(/sample|guessed/);
  });

  it('is none of what programs make at random', () => {
    const made = Array.from({ length: 500 }, () => randomBytes(48)).flatMap((bytes) => [
      bytes.toString('base64'),
      bytes.toString('base64url').slice(0, 32),
      bytes.toString('hex', 0, 16),
      bytes.toString('hex', 0, 8),
    ]);

    // Five different digits of sixteen: as few as chance gives once in ten thousand tokens.
    expect([...made, '100e1ec7111e7077'].filter((secret) => weaknessOf(secret))).toEqual([]);
  });
});
