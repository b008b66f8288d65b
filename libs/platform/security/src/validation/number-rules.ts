import { applyDecorators } from '@nestjs/common';
import { IsInt, Max, Min } from 'class-validator';

/** DTO field: a whole number of 32 bits, as an integer column holds it. */
export const IsInt32 = (): PropertyDecorator => applyDecorators(IsInt(), Min(-2_147_483_648), Max(2_147_483_647));

/** DTO field: a whole number that no reader of JSON rounds, up to ±(2^53−1). */
export const IsSafeInteger = (): PropertyDecorator =>
  applyDecorators(IsInt(), Min(Number.MIN_SAFE_INTEGER), Max(Number.MAX_SAFE_INTEGER));
