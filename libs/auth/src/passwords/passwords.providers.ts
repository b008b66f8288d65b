import { KnownDevices } from './known-devices';
import { LocalCredentialRepository } from './local-credential.repository';
import { LocalCredentials } from './local-credentials';
import { PasswordChange } from './password-change';
import { PasswordResetsService } from './password-resets.service';
import { PasswordsService } from './passwords.service';

/** Passwords: checked, changed, set by a mailed link; and the devices that have shown one. */
export const PASSWORDS = [
  ...[LocalCredentialRepository, LocalCredentials],
  ...[PasswordChange, PasswordsService, PasswordResetsService, KnownDevices],
];
