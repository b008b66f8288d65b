// One stranger who floods the sockets of an API, in the ways that a client library would never:
//   node socket-flood.cjs <http://host:port> <way> <address to be taken for, by an API that trusts 127.0.0.1 as proxy>
// It runs until it is ended, opens a connection again as soon as one is closed, and prints how many it was granted.
const { connect } = require('node:net');

const AT_ONCE = 4;
const CHUNK_BYTES = 65_536;
const AGAIN_MS = 5;

const [, , base, way, address] = process.argv;
const { hostname, port } = new URL(base);
const HEADERS = { 'x-forwarded-for': address };
let granted = 0;

/** A frame as clients send it, under a mask of zeros. */
function frame(opcode, text, fin = true) {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

/** As many of them as fill a chunk. */
function chunkOf(one) {
  return Buffer.concat(Array.from({ length: Math.floor(CHUNK_BYTES / one.length) }, () => one));
}

const TEXT = 1;
const EMPTY = Buffer.alloc(0);
const EMPTY_CONTINUATION = frame(0, '', false);
const WAYS = {
  connect: { chunk: chunkOf(frame(TEXT, '40/app,')) },
  'other-namespaces': { chunk: chunkOf(Buffer.concat([frame(TEXT, '40'), frame(TEXT, '40/nobody,')])) },
  events: { first: frame(TEXT, '40/app,'), chunk: chunkOf(frame(TEXT, '42/app,["ping"]')) },
  'engine-pongs': { chunk: chunkOf(frame(TEXT, '3')) },
  'websocket-pings': { chunk: chunkOf(frame(9, '')) },
  'websocket-pongs': { chunk: chunkOf(frame(10, '')) },
  fragments: { first: frame(TEXT, '4', false), chunk: chunkOf(EMPTY_CONTINUATION) },
  probes: { session: true, chunk: chunkOf(frame(TEXT, '2probe')) },
  // The second upgrade of a session is refused only after its handshake.
  'second-upgrades': { session: true, chunk: chunkOf(frame(TEXT, '40/app,')), upgrades: 2 },
  payloads: { session: true, payload: '40/app,\x1e'.repeat(8_000).slice(0, -1) },
  'too-large-payloads': { session: true, payload: '4'.repeat(CHUNK_BYTES + 1) },
  handshakes: { session: true },
};

const upgrade = (sid) =>
  `GET /socket.io/?EIO=4&transport=websocket${sid ? `&sid=${sid}` : ''} HTTP/1.1\r\nHost: ${hostname}\r\n` +
  `X-Forwarded-For: ${address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

/** Write without a pause, and read nothing but the first answer, until the other side closes. */
function flood(request, first, chunk) {
  return new Promise((closed) => {
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.on('error', () => undefined).on('close', closed);
    socket.once('data', (answer) => {
      if (!answer.toString('latin1').startsWith('HTTP/1.1 101')) return socket.destroy();
      granted += 1;
      socket.write(first);
      const more = () => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.on('drain', more);
      more();
    });
  });
}

/** A session by long polling; undefined when there is none to be had. */
async function openSession() {
  const answer = await fetch(`${base}/socket.io/?EIO=4&transport=polling`, { headers: HEADERS });
  const text = await answer.text();
  if (!answer.ok) return undefined;
  granted += 1;
  return JSON.parse(text.slice(1)).sid;
}

async function post(sid, body) {
  const answer = await fetch(`${base}/socket.io/?EIO=4&transport=polling&sid=${sid}`, {
    method: 'POST',
    headers: HEADERS,
    body,
  });
  await answer.text();
  return answer.status;
}

async function once({ session, first = EMPTY, chunk, upgrades = 1, payload }) {
  if (!session) return flood(upgrade(), first, chunk);
  const sid = await openSession();
  if (sid === undefined) return;
  if (chunk) await Promise.all(Array.from({ length: upgrades }, () => flood(upgrade(sid), first, chunk)));
  else if (payload) while ([200, 413].includes(await post(sid, payload)));
}

async function forever(asked) {
  for (;;) {
    await once(asked).catch(() => undefined);
    await new Promise((done) => setTimeout(done, AGAIN_MS));
  }
}

process.on('SIGTERM', () => {
  process.stdout.write(`${granted}\n`);
  process.exit(0);
});
for (let number = 0; number < AT_ONCE; number++) void forever(WAYS[way]);
