import { IsBoolean, IsOptional } from 'class-validator';

/** Which sessions end. */
export class LogoutEverywhereDto {
  /** True: the one that asks goes on. */
  @IsOptional()
  @IsBoolean()
  keep_current?: boolean;
}
