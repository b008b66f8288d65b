/** Cache tag of all that was computed from an organization or who belongs to it: every change of these forgets the tag. */
export function organizationTag(organizationId: string): string {
  return `organization:${organizationId}`;
}
