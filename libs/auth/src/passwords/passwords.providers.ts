import { KnownDevices } from './known-devices';
import { LocalCredentials } from './local-credentials';
import { PasswordResetsService } from './password-resets.service';
import { PasswordsService } from './passwords.service';

/** Passwords: checked, changed, set by a mailed link; and the devices that have shown one. */
export const PASSWORDS = [LocalCredentials, PasswordsService, PasswordResetsService, KnownDevices];
