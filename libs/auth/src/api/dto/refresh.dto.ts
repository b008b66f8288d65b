import { IsString, Length } from 'class-validator';

/** A refresh token to exchange. */
export class RefreshDto {
  /** The newest one of the session. */
  @IsString()
  @Length(1, 128)
  refresh_token: string;
}
