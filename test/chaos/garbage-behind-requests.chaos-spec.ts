import { describeEachMode } from '../support/modes';
import { type Person, signUp } from '../support/people';
import { rawRequest, rawText } from '../support/raw-http';
import { type PageWire, type ProjectWire } from '../support/wire';

const PROJECTS = '/api/v1/app/projects';

/** What a broken or hostile client may send behind a request that is whole. */
const GARBAGE = [
  'GARBAGE\r\n\r\n',
  '\u0000\u0001\u0002',
  'x'.repeat(100_000),
  'GET / HTTP/9.9\r\n\r\n',
  'GET / HTTP/1.1\r\nBad Header: 1\r\n\r\n',
  `GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'a'.repeat(20_000)}\r\n\r\n`,
  `POST ${PROJECTS} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n`,
];

describeEachMode.private(
  'garbage behind requests',
  (stack) => {
    let person: Person;

    beforeAll(async () => {
      person = await signUp(stack());
    });

    const create = (name: string, connection: string): Buffer => {
      const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${person.session.access_token}` };
      return rawRequest(
        'POST',
        PROJECTS,
        { ...headers, Connection: connection },
        Buffer.from(JSON.stringify({ name })),
      );
    };

    it('breaks no answer: what was made was answered 201, in order, and the connection is closed', async () => {
      const rounds = GARBAGE.flatMap((garbage, round) =>
        ['keep-alive', 'close'].map(async (connection) => {
          const names = ['first', 'last'].map((which) => `${which} of ${round} ${connection}`);
          const [first = '', last = ''] = names;
          const requests = [create(first, 'keep-alive'), create(last, connection), Buffer.from(garbage)];
          const text = await rawText(stack().base, Buffer.concat(requests));
          return {
            round,
            connection,
            statuses: text.match(/HTTP\/1\.1 \d+/g),
            made: text.match(/"name":"[^"]+"/g),
            names,
          };
        }),
      );
      for (const { connection, made, names, round, statuses } of await Promise.all(rounds)) {
        expect([round, connection, statuses]).toEqual([round, connection, ['HTTP/1.1 201', 'HTTP/1.1 201']]);
        expect(made).toEqual(names.map((name) => `"name":"${name}"`));
      }
      const { body } = await person.client.get<PageWire<ProjectWire>>(PROJECTS);
      expect(body.total).toBe(GARBAGE.length * 4);
    });

    it('leaves the process as it was: later requests are answered, and nothing is left running', async () => {
      expect((await stack().client.get('/health/ready')).status).toBe(200);
      expect(stack().api.output).not.toMatch(/Unexpected error|Uncaught/);
    });
  },
  { modes: ['embedded', 'scale-out'], env: { RATE_LIMIT_AUTHENTICATED: '10000/minute' } },
);
