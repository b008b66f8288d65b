import { ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import { errorResponse } from './schemas';

/**
 * Method decorator: an error that the route answers beside those that follow from its other decorators. Swagger then
 * wants the success said, too: `@ApiOkResponse({ type })`.
 */
export function ApiErrorResponse(status: number, description: string): MethodDecorator {
  // The same JSON that Swagger's own types describe with classes.
  return ApiResponse({ status, ...errorResponse(description) } as unknown as ApiResponseOptions);
}
