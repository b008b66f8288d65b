import { SetMetadata } from '@nestjs/common';

/** Metadata key of {@link Idempotent}. */
export const IDEMPOTENT = 'omnistack:Idempotent';

/** A POST that may be repeated safely: `Idempotency-Key` replays the first answer (D16). */
export function Idempotent(): MethodDecorator & ClassDecorator {
  return SetMetadata(IDEMPOTENT, true);
}
