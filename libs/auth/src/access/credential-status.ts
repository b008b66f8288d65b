import { type Actor } from '@platform/kernel';

/** Longest that a change of an account may go unnoticed in a process that no invalidation reaches, milliseconds. */
export const ACTOR_TTL_MS = 5_000;

/** Whom a credential stands for at the moment, or why for nobody. */
export type CredentialStatus = Actor | 'deactivated' | 'gone';
