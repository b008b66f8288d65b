/** Cache tag of all that was computed from an account: every change of it forgets the tag. */
export function userTag(userId: string): string {
  return `user:${userId}`;
}
