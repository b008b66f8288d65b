import { configureLogging } from './log';
import { type FinishedRequest, RequestLog } from './request-log';
import { scrubUrl } from './scrub';

const REQUEST: FinishedRequest = {
  method: 'GET',
  url: '/api/v1/app/projects?skip=0&limit=20',
  route: '/api/v1/app/projects',
  status: 200,
  seconds: 0.012345,
  clientAddress: '203.0.113.7',
  context: { requestId: 'req-1' },
};

function capture(): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (text: string) => void lines.push(JSON.parse(text) as Record<string, unknown>) };
  configureLogging({ level: 'INFO', format: 'json', service: 's', environment: 'production', destination });
  return lines;
}

describe('RequestLog', () => {
  it('writes one line with the request that is over, outside of its context', () => {
    const lines = capture();
    new RequestLog().finished(REQUEST);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'INFO',
      logger: 'http',
      message: 'Request completed',
      request_id: 'req-1',
      method: 'GET',
      path: '/api/v1/app/projects?skip=0&limit=20',
      route: '/api/v1/app/projects',
      status_code: 200,
      duration_ms: 12.35,
      client_ip: '203.0.113.7',
    });
  });

  it('calls a refusal of the client INFO and a failure of ours ERROR', () => {
    const lines = capture();
    new RequestLog().finished({ ...REQUEST, status: 404 });
    new RequestLog().finished({ ...REQUEST, status: 503 });
    expect(lines.map((line) => line.level)).toEqual(['INFO', 'ERROR']);
  });
});

describe('scrubUrl', () => {
  it.each([
    ['/a', '/a'],
    ['/a?skip=1', '/a?skip=1'],
    ['/a?x=1&token=abc', '/a?x=1&token=[redacted]'],
    ['/a?Access_Token=abc&y=2', '/a?Access_Token=[redacted]&y=2'],
    ['/a?tok%65n=abc', '/a?tok%65n=[redacted]'],
    ['/a?%zz=abc', '/a?%zz=[redacted]'],
    ['/a?X-Amz-Signature=abc', '/a?X-Amz-Signature=[redacted]'],
    ['/a?api_key=abc&code=1', '/a?api_key=[redacted]&code=[redacted]'],
    ['/verify/eyJhbGciOi.eyJzdWIi.abc', '/verify/[redacted]'],
    ['/keys/omni_live_3kTMd2cyZcQ1gX8eI4bq?x=1', '/keys/[redacted]?x=1'],
    [
      '/callback?code=abc&state=def&iss=https://p.example',
      '/callback?code=[redacted]&state=[redacted]&iss=https://p.example',
    ],
    [
      '/a?nonce=1&code_verifier=2&SAMLResponse=3',
      '/a?nonce=[redacted]&code_verifier=[redacted]&SAMLResponse=[redacted]',
    ],
    [
      '/a?sig=1&pin=2&sid=3&client_assertion=4',
      '/a?sig=[redacted]&pin=[redacted]&sid=[redacted]&client_assertion=[redacted]',
    ],
    ['/a?design=1&shipping=2&statement=3&author=4', '/a?design=1&shipping=2&statement=3&author=4'],
    ['/a?x=1;token=abc&y=2', '/a?x=[redacted]&y=2'],
    ['/a?x=1?token=abc', '/a?x=[redacted]'],
    ['/a?token=abc;def', '/a?token=[redacted]'],
    ['/a?next=%2Fcb%3Fcode%3Dabc', '/a?next=[redacted]'],
    ['/a?next=%252Fcb%253Fcode%253Dabc', '/a?next=[redacted]'],
    ['/a?h=kR7xQ2mNp9vL4wYz8sTb', '/a?h=[redacted]'],
    ['/a?h=d41d8cd98f00b204e9800998ecf8427e', '/a?h=[redacted]'],
    ['/a?id=0198f1c2-6f3a-7000-8000-000000000001', '/a?id=0198f1c2-6f3a-7000-8000-000000000001'],
    ['/a?search=a-rather-long-name-of-a-project', '/a?search=a-rather-long-name-of-a-project'],
    ['/a?search=ada.lovelace%40example.org', '/a?search=a***%40example.org'],
    ['/users/ada@example.org', '/users/a***@example.org'],
    ['http://ada:pw-123@api.example.org/a', 'http://[redacted]@api.example.org/a'],
  ])('%s becomes %s', (url, clean) => {
    expect(scrubUrl(url, { maskEmails: true })).toBe(clean);
  });

  it('leaves e-mail addresses where the environment is local', () => {
    expect(scrubUrl('/a?search=ada%40example.org', { maskEmails: false })).toBe('/a?search=ada%40example.org');
  });

  it('takes no longer for a hostile address than for a long one', () => {
    const began = performance.now();
    for (const unit of ['a', '&', '=', '?a=', '&token', '%', '%40', '@a.', 'a@', '&x=1', 'Aa1']) {
      for (let time = 0; time < 20; time++) scrubUrl(`/a?x=${unit.repeat(8_000)}`, { maskEmails: true });
    }
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
