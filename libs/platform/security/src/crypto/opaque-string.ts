/** Spaces of other alphabets and widths: each keyboard has its own. */
const SPACES = /\p{Zs}/gu;

/** Letters, marks, digits, spaces, signs and punctuation, none of them ignorable, and no Hangul that nobody types any more. */
const FREEFORM = /^[\p{L}\p{M}\p{N}\p{Zs}\p{S}\p{P}]*$/u;
const NOT_FREEFORM = /[\p{DI}\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]/u;
/** A joiner within a word of an Indic script, after the sign that asks for it (RFC 5892 A.1, A.2). */
const JOINED = /(?<=\p{M})[\u200c\u200d]/gu;

/**
 * A password as it is hashed and compared: profile OpaqueString of RFC 8265 §4.2. All spaces are one, and composed and
 * decomposed letters are the same, so that every keyboard writes the same password.
 */
export function opaqueString(text: string): string {
  return text.replace(SPACES, ' ').normalize('NFC');
}

/** Whether a new password may be this: the FreeformClass of RFC 8264 §4.3, which every keyboard and system writes alike. */
export function isOpaqueString(text: string): boolean {
  const plain = opaqueString(text).replace(JOINED, '');
  return FREEFORM.test(plain) && !NOT_FREEFORM.test(plain) && plain.isWellFormed();
}

/**
 * What may have been hashed of the password before it was prepared: as it was typed, and decomposed, as some systems write.
 * Of ASCII there is one form.
 */
export function unpreparedForms(password: string): string[] {
  const prepared = opaqueString(password);
  return [...new Set([password, prepared.normalize('NFD')])].filter((form) => form !== prepared);
}
