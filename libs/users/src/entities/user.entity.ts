import {
  BoolColumn,
  type Changes,
  EnumColumn,
  IdColumn,
  IntColumn,
  PersonalData,
  TextColumn,
  TimeColumn,
  VersionNumberColumn,
  type Wire,
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

/** An account: one person. Ways to sign in belong to `auth`, payments to `billing`. */
@Entity('users')
@Index(['createdAt', 'id'])
export class User {
  static readonly changeable = ['fullName', 'avatarUrl', 'role', 'isActive'] as const;

  @PersonalData({
    holds: 'person',
    summary:
      'The account: e-mail address, name, picture, role, plan, ids at payment providers, when and how often signed in',
    erasure: { kind: 'delete' },
    firstProof: {
      stays: 'The account is what the proof is about; name and picture are shown to its person, who may change them',
    },
  })
  @IdColumn()
  id: string;

  /** In lower case. */
  @TextColumn({ length: 320, unique: true, update: false })
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

  @EnumColumn(SUBSCRIPTION_STATUSES, { nullable: true, update: false })
  subscriptionStatus: SubscriptionStatus | null;

  @EnumColumn(SUBSCRIPTION_PLANS, { nullable: true, update: false })
  subscriptionPlan: SubscriptionPlan | null;

  @TextColumn({ length: 255, nullable: true, unique: true, update: false })
  stripeCustomerId: string | null;

  @TextColumn({ length: 255, nullable: true, unique: true, update: false })
  appleOriginalTransactionId: string | null;

  @TextColumn({ length: 512, nullable: true, unique: true, update: false })
  googlePurchaseToken: string | null;

  /** When the person proved that the address is theirs; null: not yet. */
  @TimeColumn({ nullable: true, update: false })
  emailVerifiedAt: Date | null;

  @TimeColumn({ nullable: true, update: false })
  lastLoginAt: Date | null;

  @IntColumn({ default: 0, update: false })
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
}

/** What an admin may change about anybody. */
export type UserChanges = Wire<Changes<typeof User>>;

/** What people may change about themselves. */
export type ProfileChanges = Pick<UserChanges, 'full_name' | 'avatar_url'>;
