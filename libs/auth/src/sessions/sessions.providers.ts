import { BrowserSessionRepository } from './browser-session.repository';
import { OwnSessionsService } from './own-sessions.service';
import { RefreshTokens } from './refresh-tokens';
import { SessionRepository } from './session.repository';
import { SessionsService } from './sessions.service';
import { TenantChoice } from './tenant-choice';

/** Sessions: begun, proved again, listed, ended; and whom they act for. */
export const SESSIONS = [
  ...[RefreshTokens, SessionRepository, BrowserSessionRepository],
  ...[SessionsService, OwnSessionsService, TenantChoice],
];
