import { SetMetadata } from '@nestjs/common';

/** Metadata key of {@link BodyLimit}. */
export const BODY_LIMIT = Symbol('omnistack.http.body-limit');

/** The route takes bodies of up to `bytes` instead of `HTTP_BODY_LIMIT_BYTES`. */
export function BodyLimit(bytes: number): MethodDecorator & ClassDecorator {
  return SetMetadata(BODY_LIMIT, bytes);
}
