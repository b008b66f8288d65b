import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { printBanner } from './banner';
import { type Start } from './start/start-facts';

const START: Start = {
  name: 'Garden',
  version: '1.2.3',
  environment: 'local',
  mode: 'embedded',
  database: 'SQLite',
  worker: { runs: 'inside this process', waiting_jobs: 0 },
  links: [
    { name: 'Swagger UI', url: 'http://garden/docs', about: '' },
    { name: 'Health', url: 'http://garden/health/ready', about: '' },
  ],
  token: 'Sign in as one of the demo accounts.',
  passwords: true,
  accounts: [{ email: 'user@example.com', password: 'hush', role: 'user' }],
  try: [],
};

describe('the banner', () => {
  let login: Server;
  let base: string;
  let answer: { status: number; body: object };

  beforeAll(async () => {
    login = createServer((_request, response) => {
      response.writeHead(answer.status).end(JSON.stringify(answer.body));
    }).listen(0, '127.0.0.1');
    await new Promise((done) => login.once('listening', done));
    // A TCP server has an address of this form.
    base = `http://127.0.0.1:${(login.address() as AddressInfo).port}`;
  });
  beforeEach(() => (answer = { status: 200, body: { access_token: 'the.token' } }));
  afterAll(() => login.close());

  async function printed(change: Partial<Start> = {}): Promise<string> {
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    await printBanner({ at: async () => ({ ...START, ...change }) }, base);
    const text = write.mock.calls.map(([chunk]) => String(chunk)).join('');
    write.mockRestore();
    return text;
  }

  it('says what runs, where to begin, and who may try', async () => {
    const text = await printed();
    expect(text).toContain('Garden 1.2.3 is ready: embedded mode, SQLite, worker inside this process');
    expect(text).toMatch(/Start here +http:\/\/127.*\n +API +.*\n +Swagger UI +http:\/\/garden\/docs\n/);
    expect(text).toMatch(/user +user@example\.com, password hush/);
    expect(text).not.toMatch(/Health|Worker/);
  });

  it('holds one line with a token that an ordinary login gave', async () => {
    expect(await printed()).toContain(`curl -s ${base}/api/v1/app/users/me -H "Authorization: Bearer the.token"`);
  });

  it('gets a token by a line of its own where no account lets it in, and says so where none can', async () => {
    answer = { status: 401, body: {} };
    expect(await printed()).toMatch(/TOKEN=\$\(for way in register login;.*\n +curl -s .*Bearer \$TOKEN"/);
    expect(await printed({ passwords: false, accounts: [] })).toMatch(/curl -s \S+\/api\/v1\/public\/health\n/);
  });

  it('is one line when what it tells of cannot be read', async () => {
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    await printBanner({ at: () => Promise.reject(new Error('the database is away')) }, base);
    expect(write.mock.calls.map(([chunk]) => chunk)).toEqual([`\n  Ready at ${base}/\n\n`]);
    write.mockRestore();
  });

  it('says how to start a worker that is a process of its own', async () => {
    expect(await printed({ worker: { runs: 'as a process of its own', waiting_jobs: 2 } })).toContain(
      'npm start -- worker',
    );
  });
});
