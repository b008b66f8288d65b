import { AccountMails } from './account-mails';
import { EmailVerificationService } from './email-verification.service';
import { LinkProofs } from './link-proofs';
import { OneTimeTokenRepository } from './one-time-token.repository';

/** Links that are good once, and the mails that carry them. */
export const LINKS = [OneTimeTokenRepository, AccountMails, LinkProofs, EmailVerificationService];
