import { IsInt, IsOptional, Max, Min } from 'class-validator';

/** How an API key is replaced. */
export class RotateApiKeyDto {
  /** Minutes that the old key stays good, for programs that have not heard of the new one; default 0: it ends at once. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(10_080)
  grace_minutes?: number | null;
}
