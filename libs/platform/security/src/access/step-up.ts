import { type Actor, InsufficientAuthentication } from '@platform/kernel';

/** 401 (RFC 9470): the person must prove again who they are; `POST /app/auth/step-up` does it. */
export class StepUpRequired extends InsufficientAuthentication {
  constructor(maxAgeSeconds: number) {
    super(
      'Prove again who you are: POST /app/auth/step-up, or sign in again at your provider; then repeat this request',
      `max_age=${maxAgeSeconds}`,
      { max_age: maxAgeSeconds },
    );
  }
}

/** 401 (RFC 9470): the permission is held back until a second factor is shown. */
export class SecondFactorRequired extends InsufficientAuthentication {
  constructor(permission: string) {
    super('This needs a sign-in with a second factor', 'acr_values="mfa"', { permission });
  }
}

/** Whether the actor's proof of identity is at most `maxAgeSeconds` old; an API key proves nobody, whoever made it. */
export function isFreshlyProved({ apiKeyId, authenticatedAt }: Actor, maxAgeSeconds: number, now: Date): boolean {
  if (apiKeyId !== undefined || authenticatedAt === undefined) return false;
  return now.getTime() - authenticatedAt.getTime() <= maxAgeSeconds * 1_000;
}
