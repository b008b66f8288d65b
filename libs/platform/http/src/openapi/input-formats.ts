import { RouteParamtypes } from '@nestjs/common/internal';
import { type Constructor } from '@platform/kernel';
import { getMetadataStorage } from 'class-validator';
import { type PlannedRoute } from '../pipeline/route-census';
import { parametersOf } from '../pipeline/route-plan';
import { type Schema } from './schemas';

/** The formats that our own rules for text mean (`@IsEmailAddress` and its like); Swagger knows class-validator's only. */
const FORMATS: Readonly<Record<string, string>> = {
  isEmailAddress: 'email',
  isHttpUrl: 'uri',
  isCanonicalUuid: 'uuid',
  isCalendarDate: 'date',
  isTimestamp: 'date-time',
};

/** Say the formats of what bodies hold, where nobody wrote one. Changes the schemas. */
export function addInputFormats(routes: readonly PlannedRoute[], schemas: Record<string, Schema>): void {
  for (const type of new Set(routes.flatMap(bodyClasses))) {
    const properties = schemas[type.name]?.properties as Record<string, Schema> | undefined;
    for (const { each, name = '', propertyName } of getMetadataStorage().getTargetValidationMetadatas(
      type,
      '',
      false,
      false,
    )) {
      const property = each ? (properties?.[propertyName]?.items as Schema | undefined) : properties?.[propertyName];
      const format = FORMATS[name];
      if (property && format) property.format ??= format;
    }
  }
}

function bodyClasses({ stated: { controller, handler } }: PlannedRoute): Constructor[] {
  const types = (Reflect.getMetadata('design:paramtypes', controller.prototype as object, handler.name) ??
    []) as Constructor[];
  return Object.keys(parametersOf(controller, handler)).flatMap((key) => {
    const [kind, index] = key.split(':');
    const type = Number(kind) === RouteParamtypes.BODY ? types[Number(index)] : undefined;
    return type ?? [];
  });
}
