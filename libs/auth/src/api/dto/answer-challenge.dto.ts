import { IsString, Length } from 'class-validator';
import { FactorCodeDto } from './factor-code.dto';

/** The second step of a sign-in. */
export class AnswerChallengeDto extends FactorCodeDto {
  /**
   * `details.challenge` of the answer `SECOND_FACTOR_REQUIRED`.
   * @example eyJhbGciOiJkaXIifQ.c2VhbGVk
   */
  @IsString()
  @Length(1, 512)
  challenge: string;
}
