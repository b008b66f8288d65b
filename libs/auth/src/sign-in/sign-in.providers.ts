import { LocalAccountsService } from './local-accounts.service';
import { MagicLinksService } from './magic-links.service';
import { OidcCodesService } from './oidc-codes.service';
import { RegistrationsService } from './registrations.service';
import { SecondFactorSignInsService } from './second-factor-sign-ins.service';
import { SignInsService } from './sign-ins.service';
import { StepUpsService } from './step-ups.service';

/** Every way to a session, and the proof of identity on one that goes on. */
export const SIGN_IN = [
  ...[SignInsService, LocalAccountsService, RegistrationsService],
  ...[MagicLinksService, OidcCodesService, SecondFactorSignInsService, StepUpsService],
];
