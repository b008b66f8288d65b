import { PageQueryDto } from '@platform/http';
import { Transform } from 'class-transformer';
import { IsOptional, IsString, MaxLength } from 'class-validator';

/** Which of all organizations. */
export class ListOrganizationsDto extends PageQueryDto {
  /** Part of the name, in any case. Empty: no search. */
  @Transform(({ value }: { value: unknown }) => (value === '' ? undefined : value))
  @IsOptional()
  @IsString()
  @MaxLength(255)
  search?: string;
}
