/** A written message, ready to leave. */
export interface RenderedMail {
  /** Names the occasion: the same key is the same message. */
  readonly key: string;
  /** Derived from the key, so that a repeated message keeps its id. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly template: string;
  readonly html: string;
  readonly text: string;
}

/** A way for mail to leave. A second delivery of the same key must be harmless wherever the way allows it. */
export abstract class MailTransport {
  /** Name for logs. */
  abstract readonly name: string;

  /** Hand the message over; throws when that failed, and the sending job is tried again. */
  abstract deliver(mail: RenderedMail): Promise<void>;
}
