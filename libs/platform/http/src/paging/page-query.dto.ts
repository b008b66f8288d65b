import { applyDecorators } from '@nestjs/common';
import { PAGE_LIMIT } from '@platform/kernel';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

const WHOLE_NUMBER = /^-?\d{1,15}$/;

/** Rows before the page grow the work of OFFSET; who needs more takes the cursor. */
const MAX_SKIP = 1_000_000;

/** Reads a query parameter as a number; anything else stays what it is and fails the rule beside it. */
export function toWholeNumber({ value }: TransformFnParams): unknown {
  return typeof value === 'string' && WHOLE_NUMBER.test(value) ? Number(value) : value;
}

/** Reads `true` and `false` of a query parameter; anything else fails the rule beside it. */
export function toBoolean({ value }: TransformFnParams): unknown {
  return value === 'true' ? true : value === 'false' ? false : value;
}

/** A part of a text that a list is searched for, at most `maxLength` characters; an empty one is no search. */
export function SearchText(maxLength: number): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: TransformFnParams): unknown => (value === '' ? undefined : value)),
    IsOptional(),
    IsString(),
    MaxLength(maxLength),
  );
}

/** Which page of a list: by position (`skip`) or after a cursor. Extend it with a list's own filters. */
export class PageQueryDto {
  /** Matches to leave out before the page. */
  @Transform(toWholeNumber)
  @IsInt()
  @Min(0)
  @Max(MAX_SKIP)
  skip: number = 0;

  /** Items of the page, 1–100. */
  @Transform(toWholeNumber)
  @IsInt()
  @Min(1)
  @Max(PAGE_LIMIT.max)
  limit: number = PAGE_LIMIT.default;

  /** Continue after the page that gave this cursor; `skip` is then ignored. */
  @IsOptional()
  @IsString()
  @MaxLength(512)
  cursor?: string;
}
