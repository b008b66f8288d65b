import { type IncomingMessage, type ServerResponse } from 'node:http';

/** Where the board is served. */
export const BOARD_PATH = '/admin/queues';

/** The queues of BullMQ to look at; bound where BullMQ carries the jobs. */
export abstract class QueueBoard {
  /**
   * Answer a request below {@link BOARD_PATH}.
   * @returns false when there is nothing at this address
   */
  abstract answer(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}
