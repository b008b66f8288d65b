import { AppError, NotFound } from '@platform/kernel';

/** 404: nobody has asked to delete the account, or it was taken back. */
export class DeletionNotFound extends NotFound {
  constructor(userId: string) {
    super('AccountDeletion', userId);
  }
}

/** 409: others depend on the account; `obstacles` says what to settle first. */
export class AccountTied extends AppError {
  constructor(obstacles: readonly string[]) {
    super(`The account cannot be deleted yet: ${obstacles.join('; ')}`, {
      status: 409,
      code: 'CONFLICT',
      details: { resource: 'User', obstacles },
    });
  }
}
