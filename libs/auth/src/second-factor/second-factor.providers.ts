import { RecoveryCodeRepository } from './recovery-code.repository';
import { RecoveryCodes } from './recovery-codes';
import { SecondFactorChallenges } from './second-factor-challenges';
import { SecondFactorCodes } from './second-factor-codes';
import { SecondFactorRepository } from './second-factor.repository';
import { SecondFactorsService } from './second-factors.service';

/** Authenticators, their recovery codes, and challenges to show one. */
export const SECOND_FACTOR = [
  ...[SecondFactorRepository, RecoveryCodeRepository, RecoveryCodes],
  ...[SecondFactorCodes, SecondFactorChallenges, SecondFactorsService],
];
