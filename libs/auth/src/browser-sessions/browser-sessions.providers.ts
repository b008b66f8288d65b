import { BrowserSessionsService } from './browser-sessions.service';

/** Ways of sessions into the pages for admins. */
export const BROWSER_SESSIONS = [BrowserSessionsService];
