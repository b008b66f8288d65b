import { PageQueryDto } from '@platform/http';
import { Transform } from 'class-transformer';
import { IsOptional, IsString, MaxLength } from 'class-validator';

/** Which of the caller's projects. */
export class ListProjectsDto extends PageQueryDto {
  /** Part of the name, in any case; the list is then ordered by name. Empty: no search. */
  @Transform(({ value }: { value: unknown }) => (value === '' ? undefined : value))
  @IsOptional()
  @IsString()
  @MaxLength(255)
  search?: string;
}
