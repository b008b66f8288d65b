import { AppError } from '@platform/kernel';

/** 422: the key came before with another method, path or body. */
export class IdempotencyKeyReused extends AppError {
  constructor() {
    super('This Idempotency-Key was used for another request; take a new one', {
      status: 422,
      code: 'IDEMPOTENCY_KEY_REUSED',
      details: { field: 'Idempotency-Key' },
    });
  }
}

/** 409: the first request with the key still runs, or was taken over by another attempt. */
export class IdempotencyInProgress extends AppError {
  constructor() {
    super('The request with this Idempotency-Key is still running; repeat it in a moment', {
      status: 409,
      code: 'IDEMPOTENCY_IN_PROGRESS',
      headers: { 'Retry-After': '1' },
    });
  }
}

/** 409: the request was done, and its answer was too large to keep. */
export class IdempotencyAnswerNotKept extends AppError {
  constructor() {
    super(
      'The request with this Idempotency-Key was done; its answer was too large to keep. Read the resource instead',
      {
        status: 409,
        code: 'IDEMPOTENCY_ANSWER_NOT_KEPT',
      },
    );
  }
}
