import { domainEvent } from '@platform/kernel';

/** Facts that every event of a membership carries. */
export type MembershipFacts = { organization_id: string; user_id: string };

/** An organization exists; its founder has joined it. */
export class OrganizationCreated extends domainEvent<{ organization_id: string }>(
  'organizations.organization_created',
  'An organization exists',
) {}

/** Fields of an organization have new values; `changed` lists their wire names. */
export class OrganizationUpdated extends domainEvent<{ organization_id: string; changed: string[] }>(
  'organizations.organization_updated',
  'Fields of an organization have new values',
) {}

/** An organization is closed to everybody; what it owns is erased soon. */
export class OrganizationDeleted extends domainEvent<{ organization_id: string }>(
  'organizations.organization_deleted',
  'An organization is closed to everybody; what it owns is erased soon',
) {}

/** A person belongs to an organization. */
export class MemberJoined extends domainEvent<MembershipFacts & { role: string }>(
  'organizations.member_joined',
  'A person belongs to an organization',
) {}

/** A member has another role. */
export class MemberRoleChanged extends domainEvent<MembershipFacts & { role: string }>(
  'organizations.member_role_changed',
  'A member has another role',
) {}

/** A person does not belong to an organization any more: left, removed, or the organization was deleted. */
export class MemberLeft extends domainEvent<MembershipFacts>(
  'organizations.member_left',
  'A person does not belong to an organization any more',
) {}
