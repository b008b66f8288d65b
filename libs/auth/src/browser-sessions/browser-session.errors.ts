import { AuthenticationFailed } from '@platform/kernel';

const ASK = 'ask for a new link: POST /api/v1/admin/browser-session';

/** 401: the link was used, has expired, its session has ended, or it is none of ours. */
export class InvalidBrowserLink extends AuthenticationFailed {
  constructor() {
    super(`This link is good no more; ${ASK}`);
  }
}

/** 401: the quarter of an hour is over, the session has ended, or the cookie is none of ours. */
export class BrowserSessionEnded extends AuthenticationFailed {
  constructor() {
    super(`Your way into these pages has ended; ${ASK}`);
  }
}
