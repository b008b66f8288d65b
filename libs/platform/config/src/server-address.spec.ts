import { serverAddress } from './server-address';

const ADDRESS = serverAddress(/^postgres:\/\//, 'postgres://… or sqlite:…', /^sqlite:/);

function problemOf(text: string): string | undefined {
  return ADDRESS.safeParse(text)
    .error?.issues.map((issue) => issue.message)
    .join('; ');
}

describe('the address of a server', () => {
  it.each([
    'postgres://localhost/app',
    'postgres://u@localhost:5432/app',
    'postgres://u:100%25sure@host/app',
    'postgres://u:p%40ss%2Fw%23rd%3F@host/app',
    'postgres://u:p@ss@host/app',
    'postgres://u:a:b[c]@host/app',
    'postgres://u:p@[::1]:5432/app',
    'postgres:///app',
    'postgres://u:p@/app?host=/var/run/postgresql',
    'postgres://host/app?user=u@tenant&password=p@ss&sslmode=require',
    'sqlite:./100%sure#1.db',
  ])('takes %s', (text) => {
    expect(problemOf(text)).toBeUndefined();
  });

  it.each([
    ['postgres://u:100%sure@host:5432/app', 'write % as %25'],
    ['postgres://u:sure%@host/app', 'write % as %25'],
    ['postgres://u:s3cr#t@host/app', 'write # as %23'],
    ['postgres://u:p@ss/w0rd@host/app', 'write / and ? as %2F and %3F'],
    ['postgres://u:5/w0rd@host/app', 'write / and ? as %2F and %3F'],
    ['postgres://u:5?w0rd@host/app', 'write / and ? as %2F and %3F'],
    ['postgres://u:p?w0rd@host/app', 'write / and ? as %2F and %3F'],
    ['postgres://u:pass w0rd@host/app', 'write a space as %20'],
    ['postgres://u:%E9w0rd@host/app', 'percent-code'],
    ['postgres://u:host:app', 'percent-code'],
    ['postgres://', 'percent-code'],
  ])('refuses %s, with the fix and nothing of the password', (text, fix) => {
    const problem = problemOf(text) ?? '';

    expect(problem).toContain(fix);
    expect(problem).not.toMatch(/sure|s3cr|ss\/w|w0rd/);
  });

  it.each(['mysql://host/app', 'postgres:u@host/app', 'host:5432'])('says what to write instead of %s', (text) => {
    expect(problemOf(text)).toBe('expected postgres://… or sqlite:…');
  });
});
