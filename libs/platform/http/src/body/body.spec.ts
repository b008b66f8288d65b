import { BadRequest } from '@platform/kernel';
import { PassThrough } from 'node:stream';
import { type IncomingMessage } from 'node:http';
import { PayloadTooLarge } from '../errors/http-errors';
import { parseJsonBody } from './json-text';
import { QueryParser } from './query';
import { readBytes, readJsonBody } from './read-body';

const parse = (text: string | Buffer): unknown => parseJsonBody(Buffer.from(text));

/** A request as the reader sees it: a stream with headers. */
function requestOf(headers: Record<string, string>): PassThrough & IncomingMessage {
  return Object.assign(new PassThrough(), { headers }) as unknown as PassThrough & IncomingMessage;
}

describe('a JSON body', () => {
  it('is read as it is, brackets in strings and escaped quotes included', () => {
    expect(parse('{"a":["[[[[\\"{{{",{"b":null}]}')).toEqual({ a: ['[[[["{{{', { b: null }] });
    expect(parse(String.raw`{"a":"\ud83d\ude80"}`)).toEqual({ a: '🚀' });
  });

  it('may begin with a byte order mark, as some editors write it', () => {
    expect(parse('\uFEFF{"a":1}')).toEqual({ a: 1 });
    expect(() => parse('\uFEFF\uFEFF{"a":1}')).toThrow('unexpected character at line 1, column 1');
  });

  it.each([
    ['{"a":hunter2}', 'unexpected character at line 1, column 6'],
    ['{\n  "a": 1,\n  "b": [1, 2,]\n}', 'unexpected character at line 3, column 14'],
    ['{"a": 1,}', 'expected double-quoted property name at line 1, column 9'],
    ['{"a": 1\n "b": 2}', "expected ',' or '}' after property value at line 2, column 2"],
    ["{'a': 1}", "expected property name or '}' at line 1, column 2"],
    ['{"a": "\\q"}', 'bad escaped character at line 1, column 9'],
    ['{"a": 1} hunter2', 'unexpected non-whitespace character after JSON at line 1, column 10'],
    ['{"a":\n', 'it ends too early, at line 2, column 1'],
    ['{"a": "hunter2', 'unterminated string at line 1, column 15'],
  ])('that is wrong is refused with the place: %j', (body, what) => {
    expect(() => parse(body)).toThrow(`The request body is not valid JSON: ${what}`);
    expect(() => parse(body)).not.toThrow(/hunter2/);
  });

  it('that is wrong and long is not parsed over and over', () => {
    const began = performance.now();
    expect(() => parse(`[${'1,'.repeat(2_000_000)}x]`)).toThrow('it holds an unexpected character');
    expect(() => parse(`[${'1,'.repeat(90_000)}x]`)).toThrow('unexpected character at line 1, column 180002');
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('is nested 32 levels deep and not 33', () => {
    expect(() => parse('['.repeat(32) + ']'.repeat(32))).not.toThrow();
    expect(() => parse('['.repeat(33) + ']'.repeat(33))).toThrow(/32 levels/);
    expect(() => parse('{"a":'.repeat(45_000))).toThrow(/32 levels/);
  });

  it.each([
    ['broken UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['a NUL', String.raw`{"a":"\u0000"}`],
    ['a NUL in a key', String.raw`{"a":{"b\u0000":1}}`],
    ['half a pair', String.raw`[["\ud800"]]`],
    ['__proto__', '{"a":[{"__proto__":{}}]}'],
    ['__proto__ in disguise', String.raw`{"_\u005fproto__":{}}`],
    ['constructor', '{"a":{"constructor":{"prototype":{}}}}'],
    ['prototype', '{"prototype":1}'],
    ['a primitive', '"text"'],
    ['null', 'null'],
    ['an unfinished object', '{"password":"hunter2'],
  ])('is refused with %s, without being quoted', (_what, body) => {
    expect(() => parse(body)).toThrow(BadRequest);
    expect(() => parse(body)).not.toThrow(/hunter2/);
  });

  it('is given up when the client leaves in the middle', async () => {
    const request = requestOf({ 'content-length': '10' });
    const read = readBytes(request, 100);
    request.write('{"a"');
    request.destroy();
    await expect(read).rejects.toThrow(BadRequest);
  });

  it('is refused by its announced length before a byte is read, and by its real one', async () => {
    await expect(readBytes(requestOf({ 'content-length': '101' }), 100)).rejects.toThrow(PayloadTooLarge);
    const growing = requestOf({ 'transfer-encoding': 'chunked', 'content-type': 'application/json' });
    const read = readJsonBody(growing, 100);
    growing.write('x'.repeat(101));
    await expect(read).rejects.toThrow(PayloadTooLarge);
  });

  it('is an empty object when there is none', async () => {
    await expect(readJsonBody(requestOf({}), 100)).resolves.toEqual({});
  });
});

describe('a query', () => {
  const queries = new QueryParser();

  it('gives one value, or all of a repeated name', () => {
    expect({ ...queries.parse('a=1&b=x+y%26z&b=2&c&=d&&') }).toEqual({ a: '1', b: ['x y&z', '2'], c: '', '': 'd' });
    expect({ ...queries.parse('toString=1&search[a]=b') }).toEqual({ toString: '1', 'search[a]': 'b' });
  });

  it('is parsed once per text and cannot be changed', () => {
    expect(queries.parse('a=1')).toBe(queries.parse('a=1'));
    expect(Object.isFrozen(queries.parse('a=1'))).toBe(true);
    for (let index = 0; index < 3_000; index++) queries.parse(`i=${index}`);
    expect(Reflect.get(queries, 'seen').size).toBe(1_000);
  });

  it.each([
    'a=%',
    'a=%E0%A4%A',
    'a=%00',
    '__proto__=1',
    'constructor=1',
    '__proto__%5bx%5d=1&__proto__=2',
    'a&'.repeat(51),
    'a='.padEnd(5_000, 'x'),
  ])('is refused: %.20s', (text) => {
    expect(() => queries.parse(text)).toThrow(BadRequest);
  });
});
