import { Injectable, Param, type PipeTransform } from '@nestjs/common';
import { NotFound } from '@platform/kernel';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MAX_ECHOED = 64;

/** Reads an id of ours: canonical lower case. A text that is no UUID names nothing, hence 404 and not 422. */
@Injectable()
export class UuidPipe implements PipeTransform<string, string> {
  constructor(private readonly resource: string) {}

  /** @throws NotFound */
  transform(value: string): string {
    if (!UUID.test(value)) throw new NotFound(this.resource, value.slice(0, MAX_ECHOED));
    return value.toLowerCase();
  }
}

/** A path parameter that is an id of ours: `@UuidParam('id', 'Project') id: string`. */
export function UuidParam(name = 'id', resource = 'Resource'): ParameterDecorator {
  return Param(name, new UuidPipe(resource));
}
