import { type Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { type Page } from '@platform/kernel';

const NEXT_CURSOR = Symbol('omnistack.http.next-cursor');

/** One page of a list on the wire. Its fields are v1's body; the pipeline makes v2's `data` and `meta.page` of it. */
export class PageDto<T> {
  items: T[];

  /** Number of all matches. */
  @ApiProperty({ type: 'integer', minimum: 0 })
  total: number;

  @ApiProperty({ type: 'integer', minimum: 0 })
  skip: number;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 100 })
  limit: number;

  // A symbol is no part of the JSON: v1 shows the cursor in the Link header.
  private readonly [NEXT_CURSOR]: string | null;

  constructor(page: Page<T>) {
    this.items = page.items;
    this.total = page.total;
    this.skip = page.skip;
    this.limit = page.limit;
    this[NEXT_CURSOR] = page.nextCursor;
  }

  /** The page of `source` with each item put through `map`. */
  static of<S, T>(page: Page<S>, map: (item: S) => T): PageDto<T> {
    return new PageDto({ ...page, items: page.items.map(map) });
  }

  /** The cursor of a page that follows; null on the last one and for lists without cursors. */
  static nextCursorOf(page: PageDto<unknown>): string | null {
    return page[NEXT_CURSOR];
  }
}

const made = new Map<Type, Type<PageDto<unknown>>>();

/**
 * The class of a page of `item`, for the return type in the OpenAPI document:
 * `@ApiOkResponse({ type: pageOf(ProjectDto) })`. The same class each time.
 */
export function pageOf<T>(item: Type<T>): Type<PageDto<T>> {
  const known = made.get(item);
  // The map's values are made below for exactly their key.
  if (known) return known as Type<PageDto<T>>;
  class ItemPage extends PageDto<T> {
    @ApiProperty({ type: item, isArray: true })
    declare items: T[];
  }
  // Swagger names the schema after the class: ProjectDto → ProjectPageDto.
  Object.defineProperty(ItemPage, 'name', { value: `${item.name.replace(/Dto$/, '')}PageDto` });
  made.set(item, ItemPage);
  return ItemPage;
}

/** What {@link pageOf} made, with the item's class: the OpenAPI document of v2 is written from it. */
export function pageClasses(): ReadonlyMap<Type, Type<PageDto<unknown>>> {
  return made;
}
