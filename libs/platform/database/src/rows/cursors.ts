import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { SignedText } from '@platform/crypto';
import { type Json, ValidationFailed } from '@platform/kernel';

/** The keyset position of a row: the values that its list is ordered by, the key last. Each keeps its JSON type. */
export type Position = readonly Json[];

/** Writes and reads the opaque cursors of lists: signed, and good for one list with one set of values only. */
@Injectable()
export class ListCursors {
  private readonly text: SignedText;

  constructor(core: CoreConfig) {
    this.text = new SignedText(core.secretKey, 'cursor');
  }

  /** The cursor that continues `list` after `position`. @param list names table, condition, order and values */
  after(list: string, position: Position): string {
    return this.text.sign(JSON.stringify(position), list);
  }

  /**
   * The position that {@link after} wrote; undefined without a cursor.
   * @throws ValidationFailed when the cursor is not of this list
   */
  read(list: string, cursor: string | undefined): Position | undefined {
    if (cursor === undefined) return undefined;
    const text = this.text.open(cursor, list);
    if (text === null) {
      const message = 'The cursor does not belong to this list; begin again without it';
      throw new ValidationFailed([{ field: 'cursor', message, type: 'cursor' }]);
    }
    // Signed by this class, so it has the shape that it wrote.
    return JSON.parse(text) as Position;
  }
}
