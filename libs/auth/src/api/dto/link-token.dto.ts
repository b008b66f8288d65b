import { IsString, Length } from 'class-validator';

/** What a link in a mail carries. */
export class LinkTokenDto {
  /** The parameter `token` of the link; good once. */
  @IsString()
  @Length(1, 128)
  token: string;
}
