import { connect } from 'node:net';
import { once } from 'node:events';
import { describeEachMode } from '../support/modes';
import { BEHIND_A_PROXY, flooded, LIMIT_MS } from './support/stranger';

describeEachMode.private(
  'one stranger at the sockets',
  (stack) => {
    it.each([
      'connect',
      'other-namespaces',
      'events',
      'engine-pongs',
      'websocket-pings',
      'websocket-pongs',
      'fragments',
      'probes',
      'second-upgrades',
      'payloads',
      'too-large-payloads',
    ])('keeps others waiting less than 100 ms longer by a flood of %s', async (way) => {
      const { waited, granted } = await flooded(stack(), way);
      expect(granted).toBeGreaterThan(0);
      expect(waited).toBeLessThan(LIMIT_MS);
    });

    it('opens 300 connections a minute and no more', async () => {
      const { waited, granted } = await flooded(stack(), 'handshakes');
      expect(granted).toBeGreaterThan(0);
      expect(granted).toBeLessThanOrEqual(300);
      expect(waited).toBeLessThan(LIMIT_MS);
    });

    it('who says nothing is gone within twelve seconds, by either transport', async () => {
      const { hostname, port } = new URL(stack().base);
      const began = performance.now();
      const silent = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
      silent.write(
        `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\n` +
          'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      );
      silent.on('error', () => undefined).resume();
      const polling = `${stack().base}/socket.io/?EIO=4&transport=polling`;
      const opened = await (await fetch(polling)).text();
      const { sid } = JSON.parse(opened.slice(1)) as { sid: string };

      await Promise.race([once(silent, 'end'), once(silent, 'close')]);
      // A server that has only said that it goes would still take this.
      while (!silent.destroyed && performance.now() - began < 20_000) {
        silent.write('x');
        await new Promise((done) => setTimeout(done, 100));
      }
      expect(performance.now() - began).toBeLessThan(12_000);
      expect((await fetch(`${polling}&sid=${sid}`)).status).toBe(400);
    });
  },
  BEHIND_A_PROXY,
);
