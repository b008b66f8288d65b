import { AppError, BootRefused, NotFound, ServiceUnavailable, ValidationFailed } from './app-error';

class ProjectNameTaken extends AppError {
  constructor(name: string) {
    super(`A project named ${name} exists`, { status: 409, code: 'CONFLICT', details: { name } });
  }
}

describe('AppError', () => {
  it('carries status, code and details, and is named after its class', () => {
    const error = new ProjectNameTaken('Apollo');

    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'ProjectNameTaken',
      message: 'A project named Apollo exists',
      status: 409,
      code: 'CONFLICT',
      details: { name: 'Apollo' },
      headers: {},
    });
  });

  it('keeps the cause for the log', () => {
    const cause = new Error('23505');

    expect(new AppError('taken', { status: 409, code: 'CONFLICT', cause }).cause).toBe(cause);
  });

  it('does not put the id of a missing thing into the message', () => {
    const error = new NotFound('Project', '0198');

    expect(error.message).toBe('Project not found');
    expect(error.details).toEqual({ resource: 'Project', id: '0198' });
  });

  it('tells the client when to come back', () => {
    expect(new ServiceUnavailable('draining', 5).headers).toEqual({ 'Retry-After': '5' });
  });
});

describe('ValidationFailed', () => {
  const name = { field: 'name', message: 'name is too long', type: 'max_length' };
  const url = { field: 'url', message: 'url has no scheme', type: 'url' };

  it('speaks of the field when one field is wrong', () => {
    const error = new ValidationFailed([name]);

    expect(error.message).toBe('name is too long');
    expect(error.details).toEqual({ field: 'name', errors: [name] });
  });

  it('counts the fields and not the rules, and names them', () => {
    const short = { field: 'name', message: 'name is too short', type: 'min_length' };

    expect(new ValidationFailed([name, short, url]).message).toBe('2 fields are not valid: name, url');
    expect(new ValidationFailed([name, short]).message).toBe('name is too long');
    expect(new ValidationFailed([name, url]).details).toEqual({ errors: [name, url] });
    expect(new ValidationFailed([name, short]).details).toEqual({ field: 'name', errors: [name, short] });
  });

  it('names five fields and no more', () => {
    const errors = ['a', 'b', 'c', 'd', 'e', 'f'].map((field) => ({ ...name, field }));

    expect(new ValidationFailed(errors).message).toBe('6 fields are not valid: a, b, c, d, e, …');
  });

  it('adds the name of the field to a message without it', () => {
    const email = { field: 'email', message: 'Must be a string', type: 'is_email_address' };

    expect(new ValidationFailed([email]).message).toBe('email: Must be a string');
  });
});

describe('BootRefused', () => {
  it('lists every problem', () => {
    expect(new BootRefused(['Set A', 'Set B']).message).toBe('The process does not start:\n  - Set A\n  - Set B');
  });
});
