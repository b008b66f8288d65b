import { IsOptional, IsString, Length } from 'class-validator';

/** A fresh proof of identity: one of the two. */
export class StepUpDto {
  /** The password of the account; not enough where there is a second factor. */
  @IsOptional()
  @IsString()
  @Length(1, 128)
  password?: string;

  /** A code of the second factor, or a recovery code. */
  @IsOptional()
  @IsString()
  @Length(6, 32)
  code?: string;
}
