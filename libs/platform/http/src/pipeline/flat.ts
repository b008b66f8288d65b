import { SetMetadata } from '@nestjs/common';

/** Metadata key of {@link Flat}. */
export const FLAT = 'omnistack:Flat';

/** The answer stays out of the v2 envelope: probes and other machines that know one shape. */
export function Flat(): MethodDecorator & ClassDecorator {
  return SetMetadata(FLAT, true);
}
