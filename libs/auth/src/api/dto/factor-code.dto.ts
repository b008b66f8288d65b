import { IsString, Length } from 'class-validator';

/** A code of a second factor. */
export class FactorCodeDto {
  /** Six digits of the authenticator, or a recovery code where one is good, too. */
  @IsString()
  @Length(6, 32)
  code: string;
}
