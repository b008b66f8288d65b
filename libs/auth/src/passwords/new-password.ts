import { fieldCheck, isOpaqueString, opaqueString, type TextRule } from '@platform/security';

/** What people put around a word to have it pass for another one. */
const AROUND = /^[^\p{L}]+|[^\p{L}]+$/gu;

let known: ReadonlySet<string> | undefined;

/** Whether everybody tries it: one of the 49,000 passwords that leak most, as it is or with digits and signs around it. */
export function isCommonPassword(password: string): boolean {
  const folded = password.normalize('NFKC').toLowerCase();
  return commonPasswords().has(folded) || commonPasswords().has(folded.replace(AROUND, ''));
}

/** Read at the first new password: the list takes some megabytes, and a worker needs none of it. */
function commonPasswords(): ReadonlySet<string> {
  if (known === undefined) {
    const { dictionary } = require('@zxcvbn-ts/language-common') as typeof import('@zxcvbn-ts/language-common');
    known = new Set(dictionary['passwords-common']);
  }
  return known;
}

/** A password to set, prepared by RFC 8265; how long it may be is said beside it, where API documents see it. */
export const NEW_PASSWORD: TextRule = {
  name: 'isNewPassword',
  schema: { format: 'password' },
  normalise: opaqueString,
  problem: (password) => {
    if (!isOpaqueString(password)) {
      return 'Holds characters that not every keyboard writes alike, such as control characters; leave them out';
    }
    if (!isCommonPassword(password)) return undefined;
    return 'Is one of the passwords that everybody tries first; choose another one, such as four words at random';
  },
};

/** DTO field: {@link NEW_PASSWORD}. */
export const IsNewPassword = (): PropertyDecorator => fieldCheck(NEW_PASSWORD);
