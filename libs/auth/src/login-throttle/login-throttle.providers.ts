import { LoginThrottle } from './login-throttle';

/** Guesses at passwords and codes, counted. */
export const LOGIN_THROTTLE = [LoginThrottle];
