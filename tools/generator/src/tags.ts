// A rehearsal writes names with a tag in them, `bq0qox` for box, so that it is seen which identifiers come from whom.
const TAG = /q\d+q/gi;

/** Put the tag of a number behind the first letter, where it changes neither article nor plural. */
export function tagged(text: string, tag: number): string {
  return `${text.slice(0, 1)}q${tag}q${text.slice(1)}`;
}

/** As {@link tagged}, at the last word of a name such as `VehicleRetired`. */
export function taggedAtEnd(text: string, tag: number): string {
  return text.replace(/([A-Za-z])([a-z0-9]*)$/, (_all, first: string, rest: string) => `${first}q${tag}q${rest}`);
}

/** The text without tags: what would really be written. */
export function untagged(text: string): string {
  return text.replace(TAG, '');
}

/** The numbers of the tags in a text. */
export function tagsIn(text: string): number[] {
  return (text.match(TAG) ?? []).map((tag) => Number(tag.slice(1, -1)));
}

/** For each position of the tagged text, the position in the untagged one. */
export function untaggedPositions(text: string): (position: number) => number {
  const tags = [...text.matchAll(TAG)].map(({ 0: { length }, index }) => ({ start: index, length }));
  return (position) =>
    position - tags.filter(({ start }) => start < position).reduce((sum, { length }) => sum + length, 0);
}
