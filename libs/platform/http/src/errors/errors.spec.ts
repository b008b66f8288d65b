import { BadRequestException, HttpException, NotFoundException } from '@nestjs/common';
import { Conflict, NotFound } from '@platform/kernel';
import { problemDocument, wantsProblem } from './error-document';
import { appErrorOf } from './app-error-of';

const find = (error: unknown) => appErrorOf(error, 'id-1', '/path');
const driverError = (code: string) => Object.assign(new Error('relation "secrets" at 10.0.0.1'), { code });

describe('what an error means to the caller', () => {
  it('is its own when it is an AppError', () => {
    const conflict = new Conflict('Taken', 'Project');
    expect(find(conflict)).toBe(conflict);
  });

  it.each([
    [driverError('23505'), 409, 'CONFLICT'],
    [driverError('SQLITE_CONSTRAINT_UNIQUE'), 409, 'CONFLICT'],
    [driverError('23503'), 409, 'CONFLICT'],
    [driverError('22P02'), 400, 'BAD_REQUEST'],
    [driverError('22021'), 400, 'BAD_REQUEST'],
    [driverError('57P01'), 503, 'SERVICE_UNAVAILABLE'],
    [driverError('40001'), 503, 'SERVICE_UNAVAILABLE'],
    [driverError('ECONNREFUSED'), 503, 'SERVICE_UNAVAILABLE'],
    [driverError('42P01'), 500, 'INTERNAL_ERROR'],
    [new NotFoundException('Cannot GET /path'), 404, 'NOT_FOUND'],
    [new BadRequestException('inner words'), 400, 'BAD_REQUEST'],
    [new HttpException('x', 451), 451, 'REQUEST_REFUSED'],
    [new HttpException('x', 502), 500, 'INTERNAL_ERROR'],
    [new URIError('%E0'), 400, 'BAD_REQUEST'],
    [Object.assign(new Error('sdk'), { status: 404 }), 500, 'INTERNAL_ERROR'],
    [undefined, 500, 'INTERNAL_ERROR'],
    ['text', 500, 'INTERNAL_ERROR'],
  ])('%# has the right status and none of its words', (error, status, code) => {
    const appError = find(error);
    expect([appError.status, appError.code]).toEqual([status, code]);
    expect(JSON.stringify([appError.message, appError.details])).not.toMatch(/secrets|10\.0|inner words|sdk|%E0/);
  });

  it('asks to come back where coming back helps', () => {
    expect(find(driverError('57P01')).headers).toEqual({ 'Retry-After': '1' });
  });
});

describe('problem+json', () => {
  it('is what Accept asks for by name', () => {
    expect(wantsProblem('application/json, application/problem+json;q=0.9')).toBe(true);
    for (const accept of [undefined, '*/*', 'application/json', 'application/problem+json;q=0', 'text/problem+json']) {
      expect(wantsProblem(accept)).toBe(false);
    }
  });

  it('says the same as the envelope', () => {
    expect(problemDocument(new NotFound('Project', '7'), 'id-1', '/p')).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'Project not found',
      instance: '/p',
      code: 'NOT_FOUND',
      request_id: 'id-1',
      details: { resource: 'Project', id: '7' },
    });
  });
});
