import { type Changes } from './changes.ts';
import { mustFitDatabase } from './database-names.ts';
import { codeOf, type FieldCode } from './field-code.ts';
import { type Field } from './fields.ts';
import { type Name } from './names.ts';
import { Refusal } from './refusal.ts';
import { untagged } from './tags.ts';
import {
  controllerAt,
  type DomainPlace,
  existingDomain,
  findResource,
  type KnownResource,
  mustBeMapped,
  resourcesOf,
  tablesOf,
} from './workspace.ts';

/** A field that refers to another resource. */
export interface Reference {
  readonly code: FieldCode;
  readonly resource: KnownResource;
}

/** All that the templates need to know of a resource. */
export interface ResourcePlan {
  readonly place: DomainPlace;
  readonly one: Name;
  readonly many: Name;
  readonly shared: boolean;
  readonly fields: readonly FieldCode[];
  readonly references: readonly Reference[];
  /** The rows that must be there before one can be made, in the order in which they are made. */
  readonly chain: readonly KnownResource[];
  /** The resource of the domain: its files lie in `src` itself, as those of projects do. */
  readonly flat: boolean;
  /** `''` or `vehicles/`, below `src`. */
  readonly folder: string;
  /** From the folder to `src`: `./` or `../`. */
  readonly up: string;
  /** `app/vehicles` */
  readonly route: string;
}

/** What is asked for. */
export interface ResourceOrder {
  readonly place: DomainPlace;
  readonly one: Name;
  readonly many: Name;
  readonly shared: boolean;
  readonly fields: readonly Field[];
}

/** @throws Refusal for references that lead nowhere or against the map, and for a table that another resource has */
export function planResource(changes: Changes, order: ResourceOrder): ResourcePlan {
  const { fields, many, one, place } = order;
  const flat = untagged(many.kebab) === untagged(place.name.kebab);
  const codes = fields.map((field) => codeOf(field, one));
  const taken = tablesOf(changes).get(many.snake);
  if (taken && taken !== `${place.src}/entities/${one.kebab}.entity.ts`)
    throw new Refusal(
      `The table "${many.snake}" belongs to ${taken}: take another resource, such as ${place.name.kebab}-${one.kebab}`,
    );
  if (fields.every(({ type }) => type === 'ref'))
    throw new Refusal(`${one.pascal} has nothing but references: add a field of its own`);
  if (!order.shared)
    mustBeMapped(changes, place.name.kebab, 'users', `every ${one.words} belongs to a user (or say --shared)`);
  const references = codes.filter(({ field }) => field.target).map((code) => referenceOf(changes, order, code));
  const required = references.filter(({ code }) => !code.field.nullable).map(({ resource }) => resource);
  const route = routeOf({ many });
  const controller = controllerAt(changes, route);
  if (controller && !changes.has(`${place.src}/entities/${one.kebab}.entity.ts`))
    throw new Refusal(`The route "${route}" is that of ${controller}: take another resource, or say another --plural`);
  const plan: ResourcePlan = {
    ...order,
    fields: codes,
    references,
    chain: chainOf(changes, required),
    flat,
    folder: flat ? '' : `${many.kebab}/`,
    up: flat ? './' : '../',
    route,
  };
  mustFitDatabase(changes, plan);
  return plan;
}

/** `app/vehicles`: the table's name is unique among all domains, so the route is. */
export function routeOf({ many }: Pick<KnownResource, 'many'>): string {
  return `app/${many.kebab}`;
}

/** `fleet.read_vehicles`; `projects.read` where the resource gives the domain its name. */
export function permissionOf(
  { flat, many, place }: Pick<ResourcePlan, 'flat' | 'many' | 'place'>,
  verb: string,
): string {
  return flat ? `${place.name.snake}.${verb}` : `${place.name.snake}.${verb}_${many.snake}`;
}

/** Domains whose tables a test of the resource needs beside its own. */
export function otherDomains(plan: Pick<ResourcePlan, 'place' | 'shared' | 'references' | 'chain'>): DomainPlace[] {
  const places = [...plan.references.map(({ resource }) => resource.place), ...plan.chain.map(({ place }) => place)];
  return [
    ...new Map(places.filter(({ root }) => root !== plan.place.root).map((place) => [place.root, place])).values(),
  ];
}

/** Where the service of a resource is imported from within its domain. */
export function serviceFile({ flat, many }: Pick<KnownResource, 'flat' | 'many'>): string {
  return flat ? `./${many.kebab}.service` : `./${many.kebab}/${many.kebab}.service`;
}

function referenceOf(changes: Changes, { one, place, shared }: ResourceOrder, code: FieldCode): Reference {
  const { domain = '', resource = '' } = code.field.target ?? {};
  const target = domain === place.name.kebab ? place : existingDomain(changes, domain);
  const found = findResource(changes, target, resource);
  const where = `${code.field.name.camel} refers to ${domain}.${resource}`;
  if (!found) {
    const known = resourcesOf(changes, target).map((other) => other.one.kebab);
    throw new Refusal(
      `${where}, which is not there: make it first, or take one of ${domain}: ${known.join(', ') || '(none)'}`,
    );
  }
  if (found.one.kebab === one.kebab && target.root === place.root)
    throw new Refusal(`${where}, which is itself: take uuid, and check it in the service`);
  const body = `${found.one.camel}Body`;
  const publicApi = `${target.src}/testing/index.ts`;
  if (!changes.has(publicApi) || !changes.read(publicApi).text.includes(body))
    throw new Refusal(
      `${where}, which was not made by the generator (${publicApi} has no ${body}): take uuid, and check it in the service`,
    );
  if (shared && !found.shared)
    throw new Refusal(
      `${where}, which belongs to one person, but a shared ${one.words} belongs to all: drop --shared, or take uuid`,
    );
  mustBeMapped(changes, place.name.kebab, domain, `${one.words} refers to its ${resource}`);
  return { code, resource: found };
}

/** The resources and what they need themselves, each once, what is needed first. */
export function chainOf(changes: Changes, resources: readonly KnownResource[]): KnownResource[] {
  const chain: KnownResource[] = [];
  const visit = (resource: KnownResource): void => {
    if (chain.some(({ entity }) => entity === resource.entity)) return;
    requiredOf(changes, resource).forEach(({ resource: needed }) => visit(needed));
    chain.push(resource);
  };
  resources.forEach(visit);
  return chain;
}

/** What a resource refers to and cannot do without: the column, and the resource. */
export function requiredOf(changes: Changes, resource: KnownResource): { column: Name; resource: KnownResource }[] {
  const tables = tablesOf(changes);
  return resource.columns.flatMap(({ name, nullable, refersTo }) => {
    const entity = refersTo === undefined || nullable ? undefined : tables.get(refersTo);
    const [, domain = '', one = ''] = /^libs\/([^/]+)\/src\/entities\/([^/]+)\.entity\.ts$/.exec(entity ?? '') ?? [];
    const found = entity ? findResource(changes, existingDomain(changes, domain), one) : undefined;
    return found ? [{ column: name, resource: found }] : [];
  });
}
