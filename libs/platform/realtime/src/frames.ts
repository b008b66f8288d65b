import { type JsonObject } from '@platform/kernel';

/** A row that the person may see has changed. */
export interface UpdateMessage {
  readonly type: 'update';
  readonly resource: string;
  readonly action: 'created' | 'updated' | 'deleted';
  readonly resource_id: string;
  readonly data?: JsonObject;
}

/** Something to show to the person. */
export interface NotificationMessage {
  readonly type: 'notification';
  readonly title: string;
  readonly body: string;
  readonly data?: JsonObject;
}

/** What {@link Realtime.toUser} sends. */
export type RealtimeMessage = UpdateMessage | NotificationMessage;

/** What travels over a socket (spec 05 §10); the event's name is its `type`. */
export interface Frame {
  readonly type: string;
  readonly data?: object;
  /** ISO 8601, set by the server. */
  readonly timestamp: string;
}

/** A frame of `type` as of `now`. */
export function frame(type: string, now: Date, data?: object): Frame {
  return { type, ...(data && { data }), timestamp: now.toISOString() };
}

/** A frame that tells the client what it did wrong. */
export function errorFrame(code: string, message: string, now: Date): Frame {
  return frame('error', now, { code, message });
}

/** The room of all sockets of one person. */
export function userRoom(userId: string): string {
  return `${USER_ROOM}${userId}`;
}

/** The room of all sockets of the people who belong to a tenant. */
export function tenantRoom(tenantId: string): string {
  return `${TENANT_ROOM}${tenantId}`;
}

/** What the names of those rooms begin with. */
export const TENANT_ROOM = 'tenant:';

/** What the names of the rooms of people begin with. */
export const USER_ROOM = 'user:';
