import { Agent, type IncomingMessage, request } from 'node:http';
import { describeEachDatabase } from '../../../../test/support/databases';
import { GracefulShutdown } from '../src';
import { NotesService } from './notes.module';
import { startProbe } from './probe-app';

const CLIENTS = 50;

/** One GET over a kept connection; rejects when it is broken. */
function get(base: string, path: string, agent: Agent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(`${base}${path}`, { agent }, (response) => {
      response
        .resume()
        .once('end', () => resolve(response))
        .once('error', reject);
    })
      .once('error', reject)
      .end();
  });
}

describeEachDatabase('a graceful shutdown', (database) => {
  it('breaks no request of a load that stops when readiness turns red, and finishes the slow one', async () => {
    const probe = await startProbe({ ...database.environment(), DRAIN_SECONDS: '1' });
    const agent = new Agent({ keepAlive: true });
    const broken: unknown[] = [];
    let answered = 0;
    let farewell = 0;
    let isRed = false;
    // A balancer: it asks for readiness, and sends nothing more once that is red.
    const client = async (): Promise<void> => {
      while (!isRed) {
        await get(probe.base, '/api/v1/public/probe/text', agent).then(
          () => (answered += 1),
          (error: unknown) => broken.push(error),
        );
      }
    };
    const balancer = async (): Promise<void> => {
      while (!isRed) {
        isRed = (await fetch(`${probe.base}/health/ready`)).status === 503;
        await new Promise((later) => setTimeout(later, 100));
      }
    };
    const { reached, release } = probe.app.get(NotesService, { strict: false }).hold();
    const slow = probe.call('POST', '/api/v1/app/notes', { as: 'ann', body: { name: 'slow' } });
    await reached;
    const load = Promise.all([balancer(), ...Array.from({ length: CLIENTS }, client)]);
    await new Promise((later) => setTimeout(later, 200));

    const shutdown = probe.app.get(GracefulShutdown);
    shutdown.onFarewell('test', () => {
      farewell += 1;
      setTimeout(release, 300);
    });
    const closed = shutdown.close(probe.app);
    await load;
    const answer = await slow;
    await closed;
    agent.destroy();

    expect(broken).toEqual([]);
    expect(answered).toBeGreaterThan(CLIENTS);
    expect([answer.status, answer.headers.get('connection'), farewell]).toEqual([201, 'close', 1]);
    await expect(fetch(`${probe.base}/health/live`)).rejects.toThrow();
  });

  it('cuts off after the deadline what does not end', async () => {
    const probe = await startProbe({ ...database.environment(), DRAIN_SECONDS: '0', SHUTDOWN_TIMEOUT_SECONDS: '1' });
    const { reached, release } = probe.app.get(NotesService, { strict: false }).hold();
    const stuck = probe.call('POST', '/api/v1/app/notes', { as: 'ann', body: { name: 'stuck' } });
    const cut = expect(stuck).rejects.toThrow();
    await reached;
    const began = performance.now();
    const closed = probe.app.get(GracefulShutdown).close(probe.app);
    await cut;
    release();
    await closed;
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
