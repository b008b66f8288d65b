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
  ])('%s becomes %s', (url, clean) => {
    expect(scrubUrl(url)).toBe(clean);
  });
});
