import { LoginThrottle } from './login-throttle';
import { LoginThrottleRepository } from './login-throttle.repository';

/** Guesses at passwords and codes, counted. */
export const LOGIN_THROTTLE = [LoginThrottleRepository, LoginThrottle];
