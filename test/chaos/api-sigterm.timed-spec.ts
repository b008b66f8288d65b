import { Agent, request } from 'node:http';
import { io, type Socket } from 'socket.io-client';
import { pause } from '../support/app-process';
import { describeEachMode, type Stack } from '../support/modes';
import { signUp } from '../support/people';

interface Outcome {
  sent: number;
  broken: string[];
}

/** A load balancer: fifty connections kept alive, no new request once readiness is red. */
class Balancer {
  readonly outcome: Outcome = { sent: 0, broken: [] };
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 50 });
  private ready = true;

  constructor(
    private readonly base: string,
    private readonly token: string,
  ) {}

  async watchReadiness(): Promise<void> {
    while (this.ready) {
      const answer = await fetch(`${this.base}/health/ready`).catch(() => undefined);
      await answer?.body?.cancel();
      this.ready = answer?.status === 200;
      await pause(50);
    }
  }

  async keepAsking(): Promise<void> {
    while (this.ready) await this.send('GET', '/api/v1/app/projects');
  }

  /** A create whose body takes three seconds to arrive. */
  sendSlowly(): Promise<number> {
    return this.send('POST', '/api/v1/app/projects', async (write) => {
      write('{"name": "slow');
      await pause(3_000);
      write('"}');
    });
  }

  private send(method: string, path: string, body?: (write: (text: string) => void) => Promise<void>): Promise<number> {
    this.outcome.sent += 1;
    return new Promise((resolve) => {
      const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' };
      const sending = request(`${this.base}${path}`, { method, headers, agent: this.agent }, (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode ?? 0));
        if ((answer.statusCode ?? 500) >= 400) this.outcome.broken.push(`${method} ${path} → ${answer.statusCode}`);
      });
      sending.on('error', (error) => {
        this.outcome.broken.push(`${method} ${path}: ${error.message}`);
        resolve(0);
      });
      void (body ? body((text) => sending.write(text)) : Promise.resolve()).then(() => sending.end());
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

async function openSocket(stack: Stack, token: string): Promise<{ socket: Socket; closed: Promise<string> }> {
  const socket = io(`${stack.base}/app`, { auth: { token }, transports: ['websocket'], reconnection: false });
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', resolve);
    socket.on('connect_error', reject);
  });
  return { socket, closed: new Promise((resolve) => socket.on('disconnect', resolve)) };
}

describeEachMode.private(
  'SIGTERM of the API under fifty keep-alive connections, a request of three seconds and an open socket',
  (stack) => {
    it('breaks no request, tells the socket, and exits 0', async () => {
      const { session } = await signUp(stack());
      const balancer = new Balancer(stack().base, session.access_token);
      const { closed } = await openSocket(stack(), session.access_token);
      const watching = balancer.watchReadiness();
      const asking = Array.from({ length: 50 }, () => balancer.keepAsking());
      const slow = balancer.sendSlowly();
      await pause(1_000);

      const ended = stack().api.stop('SIGTERM', 20_000);
      await Promise.all([watching, ...asking]);
      expect(await slow).toBe(201);
      expect(await closed).toMatch(/server|transport/);
      expect(await ended).toBe(0);
      expect(balancer.outcome.sent).toBeGreaterThan(200);
      expect(balancer.outcome.broken).toEqual([]);
      balancer.close();
    });
  },
);
