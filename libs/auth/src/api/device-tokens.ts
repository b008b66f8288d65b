import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { type HttpResponse } from '@platform/http';
import { sha256Hex } from '@platform/crypto';
import { type LimitedCall } from '@platform/security';
import { type Observable, tap } from 'rxjs';
import { SignInDto } from './sign-in.dto';

/** As long as browsers keep one, milliseconds. */
const KEPT_MS = 400 * 86_400_000;
/** People who share a browser have a cookie each; more than so many are not looked at. */
const MOST_TOKENS = 10;
const COOKIE = /^\s*(?:__Secure-)?device-[0-9a-f]{16}=(.+?)\s*$/;

/** The device tokens that a call shows: in its body, or in cookies. */
export function deviceTokensOf({ body, headers }: LimitedCall): string[] {
  const inBody = textIn(body, 'device_token');
  const inCookies = (headers.cookie ?? '').split(';').flatMap((pair) => COOKIE.exec(pair)?.[1] ?? []);
  return [...(inBody === undefined ? [] : [inBody]), ...inCookies].slice(0, MOST_TOKENS);
}

/** A text field of a body that nobody has validated yet. */
export function textIn(body: unknown, field: string): string | undefined {
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, field) : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Gives the browser that has just signed in its device token as a cookie, which scripts cannot read. */
@Injectable()
export class DeviceCookies implements NestInterceptor {
  constructor(private readonly core: CoreConfig) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const response = context.switchToHttp().getResponse<HttpResponse>();
    return next.handle().pipe(tap((answer: unknown) => answer instanceof SignInDto && this.keep(answer, response)));
  }

  private keep({ device_token, user }: SignInDto, response: HttpResponse): void {
    if (device_token === undefined) return;
    const secure = !this.core.isLocal;
    // One for each account. Browsers take a name with this prefix over https only.
    const name = `${secure ? '__Secure-' : ''}device-${sha256Hex(user.id).slice(0, 16)}`;
    response.cookie(name, device_token, { httpOnly: true, sameSite: 'strict', secure, path: '/api', maxAge: KEPT_MS });
  }
}
