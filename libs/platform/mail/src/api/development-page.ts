import { applyDecorators, Header, SetMetadata } from '@nestjs/common';

/** Method decorator: answers a page under this Content-Security-Policy, which no cache keeps and no address of it leaves. */
export const HtmlPage = (policy: string): MethodDecorator =>
  applyDecorators(
    Header('Content-Type', 'text/html; charset=utf-8'),
    Header('Content-Security-Policy', policy),
    Header('Cache-Control', 'no-store'),
    // The address of the page may carry a token.
    Header('Referrer-Policy', 'no-referrer'),
  );

/**
 * Class decorator: what a controller serves stands in no API document. It is what @ApiExcludeController() writes;
 * importing that would load the documentation's package into the worker, too.
 */
export const NotInTheApiDocument = (): ClassDecorator => SetMetadata('swagger/apiExcludeController', [true]);
