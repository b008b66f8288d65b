import {
  BoolColumn,
  EnumColumn,
  IdColumn,
  IntColumn,
  TextColumn,
  TimeColumn,
  VersionNumberColumn,
} from '@platform/database';
import { Entity, Index } from 'typeorm';
import { type Role, ROLES } from '../contract/users.roles';

/** States of a subscription as the payment provider names them; only active and trialing count as paid. */
export const SUBSCRIPTION_STATUSES = [
  'active',
  'trialing',
  'past_due',
  'incomplete',
  'canceled',
  'incomplete_expired',
  'unpaid',
  'paused',
] as const;

/** Plans; none reads as free. */
export const SUBSCRIPTION_PLANS = ['free', 'pro', 'enterprise'] as const;

/** One of {@link SUBSCRIPTION_STATUSES}. */
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];
/** One of {@link SUBSCRIPTION_PLANS}. */
export type SubscriptionPlan = (typeof SUBSCRIPTION_PLANS)[number];

/** What a person may change about themselves. Absent: unchanged; null: cleared. */
export interface ProfileChanges {
  full_name?: string | null;
  avatar_url?: string | null;
}

/** What an admin may change about anybody. */
export interface UserChanges extends ProfileChanges {
  role?: Role;
  is_active?: boolean;
}

/** What can be changed, as it is. */
export type UserValues = Required<UserChanges>;

/** An account: one person. Ways to sign in belong to `auth`, payments to `billing`. */
@Entity('users')
@Index(['createdAt', 'id'])
export class User {
  @IdColumn()
  id: string;

  /** In lower case. */
  @TextColumn({ length: 320, unique: true })
  email: string;

  @TextColumn({ length: 255, nullable: true })
  fullName: string | null;

  @TextColumn({ length: 2048, nullable: true })
  avatarUrl: string | null;

  @EnumColumn(ROLES, { default: 'user' })
  role: Role;

  /** False: shut out everywhere. */
  @BoolColumn({ default: true })
  isActive: boolean;

  @EnumColumn(SUBSCRIPTION_STATUSES, { nullable: true })
  subscriptionStatus: SubscriptionStatus | null;

  @EnumColumn(SUBSCRIPTION_PLANS, { nullable: true })
  subscriptionPlan: SubscriptionPlan | null;

  @TextColumn({ length: 255, nullable: true, unique: true })
  stripeCustomerId: string | null;

  @TextColumn({ length: 255, nullable: true, unique: true })
  appleOriginalTransactionId: string | null;

  @TextColumn({ length: 512, nullable: true, unique: true })
  googlePurchaseToken: string | null;

  /** When the person proved that the address is theirs; null: not yet. */
  @TimeColumn({ nullable: true })
  emailVerifiedAt: Date | null;

  @TimeColumn({ nullable: true })
  lastLoginAt: Date | null;

  @IntColumn({ default: 0 })
  loginCount: number;

  @VersionNumberColumn()
  version: number;

  @TimeColumn()
  createdAt: Date;

  @TimeColumn()
  updatedAt: Date;

  /** Whether a paid plan is in force, trials included. */
  get isPremium(): boolean {
    const paid = this.subscriptionPlan === 'pro' || this.subscriptionPlan === 'enterprise';
    return paid && (this.subscriptionStatus === 'active' || this.subscriptionStatus === 'trialing');
  }

  /** What an audit entry shows of the account before and after a change. */
  get changeable(): UserValues {
    return { full_name: this.fullName, avatar_url: this.avatarUrl, role: this.role, is_active: this.isActive };
  }

  /** Take the new values; returns the wire names of those that differ from before. */
  change(changes: UserChanges): (keyof UserValues)[] {
    const before = this.changeable;
    if (changes.full_name !== undefined) this.fullName = changes.full_name;
    if (changes.avatar_url !== undefined) this.avatarUrl = changes.avatar_url;
    if (changes.role !== undefined) this.role = changes.role;
    if (changes.is_active !== undefined) this.isActive = changes.is_active;
    const after = this.changeable;
    // The object above has these keys and no others.
    return (Object.keys(after) as (keyof UserValues)[]).filter((field) => after[field] !== before[field]);
  }
}
