import { type Actor } from '@platform/kernel';
import { type Socket } from 'socket.io';

const SESSION = 'session:';
const API_KEY = 'api-key:';

/** The room of all sockets of one sign-in. */
export function sessionRoom(sessionId: string): string {
  return `${SESSION}${sessionId}`;
}

/** The room of all sockets that show one API key. */
export function apiKeyRoom(apiKeyId: string): string {
  return `${API_KEY}${apiKeyId}`;
}

/** From now on the socket ends with the sign-in or the API key that it shows now, and with no earlier one. */
export function followCredential(socket: Socket, { apiKeyId, sessionId }: Actor): void {
  const mine = [
    ...(sessionId === undefined ? [] : [sessionRoom(sessionId)]),
    ...(apiKeyId === undefined ? [] : [apiKeyRoom(apiKeyId)]),
  ];
  for (const room of socket.rooms) {
    const isOfACredential = room.startsWith(SESSION) || room.startsWith(API_KEY);
    if (isOfACredential && !mine.includes(room)) void socket.leave(room);
  }
  if (mine.length > 0) void socket.join(mine);
}
