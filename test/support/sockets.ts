import { io } from 'socket.io-client';
import { type Stack } from './modes';
import { type Person } from './people';

/** What a socket is told of a resource: what became of which. */
export type Told = readonly [resource: string, action: string, id: string];

interface UpdateWire {
  readonly data: { readonly resource: string; readonly action: string; readonly resource_id: string };
}

/** A socket of the person, whose `told` grows as it hears of changes. */
export async function socketOf({ session }: Person, stack: Stack): Promise<{ told: Told[]; close: () => void }> {
  const socket = io(`${stack.base}/app`, {
    auth: { token: session.access_token },
    transports: ['websocket'],
    reconnection: false,
  });
  const told: Told[] = [];
  socket.on('update', ({ data }: UpdateWire) => told.push([data.resource, data.action, data.resource_id]));
  await new Promise<void>((done, fail) => {
    socket.once('connected', done);
    socket.once('connect_error', fail);
    socket.once('disconnect', (reason) => fail(new Error(`disconnected: ${reason}`)));
  });
  return { told, close: () => void socket.disconnect() };
}
