import { sha256Hex } from '@platform/crypto';
import { displayName, EMAIL_ADDRESS, HTTP_URL, type TextRule } from '@platform/security';
import { isPlaceholderAddress } from '@omni/users';
import { SubjectRefused } from '../auth.errors';

const SUBJECT_MAX = 255;
const NOT_IN_A_SUBJECT = /\p{Cc}/u;
/** Subjects that are the local part of an address as they stand; upper case would fold two of them into one. */
const PLAIN_SUBJECT = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const LOCAL_PART_MAX = 64;
const NAME = displayName(255);

/** What another provider says of a person, as it said it: nothing of it is trusted but provider and subject. */
export interface ExternalProfile {
  /** Our own word for the provider, at most 64 characters. */
  readonly provider: string;
  /** The provider's own id of the person: 1–255 characters, compared as they are. */
  readonly subject: string;
  readonly email?: string;
  /** Whether the provider says so in so many words. */
  readonly emailVerified: boolean;
  readonly fullName?: string | null;
  readonly avatarUrl?: string | null;
}

/** What of an {@link ExternalProfile} is acceptable; the rest is left out. */
export interface AcceptedProfile {
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly fullName: string | null;
  readonly avatarUrl: string | null;
}

/** The profile by the house's rules for text of strangers: a field that breaks one is as good as not given. */
export function acceptedOf(profile: ExternalProfile): AcceptedProfile {
  const address = accepted(EMAIL_ADDRESS, profile.email);
  const email = address !== null && isPlaceholderAddress(address) ? null : address;
  return {
    email,
    emailVerified: email !== null && profile.emailVerified,
    fullName: accepted(NAME, profile.fullName),
    avatarUrl: accepted(HTTP_URL, profile.avatarUrl),
  };
}

/** @throws SubjectRefused for a subject that cannot be kept as it is */
export function mustBeSubject(subject: string): void {
  const fits = subject !== '' && subject.length <= SUBJECT_MAX && subject.isWellFormed();
  if (!fits || NOT_IN_A_SUBJECT.test(subject)) throw new SubjectRefused();
}

/** The local part of the address of people who gave none: the subject where it can be one, else a digest. */
export function placeholderName(provider: string, subject: string): string {
  if (subject.length <= LOCAL_PART_MAX && PLAIN_SUBJECT.test(subject)) return subject;
  return sha256Hex(JSON.stringify([provider, subject])).slice(0, LOCAL_PART_MAX / 2);
}

/** Claims are of any type, whatever a provider's documents say. */
function accepted(rule: TextRule, value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = rule.normalise(value);
  return rule.problem(text) === undefined ? text : null;
}
