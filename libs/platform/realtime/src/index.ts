export { type Frame, type NotificationMessage, type RealtimeMessage, type UpdateMessage } from './frames';
export { Realtime } from './realtime';
export { RealtimeConfig } from './realtime.config';
export { onceCommitted, ownerHears } from './socket-reactions';
export { RealtimeModule, RealtimeSenderModule } from './realtime.module';
