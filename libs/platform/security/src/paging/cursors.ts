import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { SignedText } from '@platform/crypto';
import { ValidationFailed } from '@platform/kernel';

/** The keyset position of a row in a list's order: the value it is ordered by, then its id. */
export interface ListPlace {
  readonly key: string;
  readonly id: string;
}

/** Writes and reads the opaque cursors of lists: signed, and good for one list only. */
@Injectable()
export class Cursors {
  private readonly text: SignedText;

  constructor(core: CoreConfig) {
    this.text = new SignedText(core.secretKey, 'cursor');
  }

  /** The cursor that continues `list` after `place`. @param list names list, owner and filters */
  after(list: string, place: ListPlace): string {
    return this.text.sign(JSON.stringify([place.key, place.id]), list);
  }

  /** The place that {@link after} wrote; undefined without a cursor. @throws ValidationFailed when it is not of this list */
  read(list: string, cursor: string | undefined): ListPlace | undefined {
    if (cursor === undefined) return undefined;
    const text = this.text.open(cursor, list);
    if (text === null) {
      const message = 'The cursor does not belong to this list; begin again without it';
      throw new ValidationFailed([{ field: 'cursor', message, type: 'cursor' }]);
    }
    // Signed by this class, so it has the shape that it wrote.
    const [key, id] = JSON.parse(text) as [string, string];
    return { key, id };
  }
}
