import { IsString, MaxLength, MinLength } from 'class-validator';

/** What proves that one was invited. */
export class AcceptInvitationDto {
  /** As it was mailed. */
  @IsString()
  @MinLength(1)
  @MaxLength(128)
  token: string;
}
