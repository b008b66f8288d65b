import { type Socket } from 'socket.io';
import { type Actor } from '@platform/kernel';

/** The room of all sockets that were opened with one API key. */
export function apiKeyRoom(apiKeyId: string): string {
  return `api-key:${apiKeyId}`;
}

/** The socket ends with the API key that it shows now, if it shows one, and with no earlier one. */
export function followApiKey(socket: Socket, { apiKeyId }: Actor): void {
  const mine = apiKeyId === undefined ? undefined : apiKeyRoom(apiKeyId);
  const others = [...socket.rooms].filter((room) => room.startsWith(apiKeyRoom('')) && room !== mine);
  for (const room of others) void socket.leave(room);
  if (mine !== undefined) void socket.join(mine);
}
