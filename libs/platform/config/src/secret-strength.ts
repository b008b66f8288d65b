const SAMPLE = /change|example|secret|your[-_ ]|default|sample|placeholder|password|dummy|insecure/i;

/** Fewer different characters than this are no accident in a random text of 32 or more. */
const FEWEST_CHARACTERS = 8;

/** Why somebody could guess the secret, as the end of a sentence; undefined when nobody can. */
export function weaknessOf(secret: string): string | undefined {
  if (SAMPLE.test(secret)) return 'it is a sample value';
  return isRegular(secret) ? 'it can be guessed' : undefined;
}

function isRegular(secret: string): boolean {
  const codes = [...secret].map((character) => character.codePointAt(0) ?? 0);
  // `openssl rand -hex 16` has about 14 of its 16, and a token of 16 such digits about 10.
  if (new Set(codes).size < Math.min(FEWEST_CHARACTERS, Math.floor(codes.length / 3))) return true;
  // The same piece again and again, however it ends.
  if (codes.some((_, period) => period > 0 && period <= codes.length / 2 && secret.startsWith(secret.slice(period)))) {
    return true;
  }
  // "0123456789abcdef": most characters follow from the one before.
  const follows = codes.filter((code, index) => index > 0 && Math.abs(code - (codes[index - 1] ?? 0)) <= 1);
  return follows.length > (codes.length * 2) / 3;
}
