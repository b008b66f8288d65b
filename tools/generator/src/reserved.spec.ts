import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { nameOf } from './names.ts';
import { mustBeFree, type Role, SAYS_NOTHING } from './reserved.ts';

const RULE = resolve(import.meta.dirname, '../../../test/architecture/names.arch-spec.ts');

describe('a name', () => {
  it.each<[Role, string, RegExp]>([
    ['field', 'select', /is a keyword of SQL/],
    ['field', 'values', /is a keyword of SQL/],
    ['field', 'current-date', /is a keyword of SQL/],
    ['field', 'xmin', /is a column that the database gives every table/],
    ['field', 'ctid', /is a column that the database gives every table/],
    ['field', 'oid', /is a column that the database gives every table/],
    ['field', 'version', /is one that every resource has/],
    ['field', 'to-string', /is a member that every object has/],
    ['field', 'hasOwnProperty', /is a member that every object has/],
    ['field', 'constructor', /is a member that every object has/],
    ['field', 'prototype', /is a member that every object has/],
    ['plural', 'migrations', /is a folder that every domain has/],
    ['plural', 'schema-ledger', /is a table of the migrations/],
    ['plural', 'sqlite-things', /begins with what the database keeps for itself/],
    ['plural', 'pg-stats', /begins with what the database keeps for itself/],
    ['plural', 'ix-men', /begins as the names of indexes and keys do/],
    ['plural', 'user', /is a keyword of SQL/],
    ['plural', 'types', /says nothing/],
    ['resource', 'promise', /is a type that the compiler writes/],
    ['resource', 'legal-entity', /ends in "entity"/],
    ['resource', 'helper', /says nothing/],
    ['resource', 'aux', /is a device on Windows/],
    ['domain', 'platform', /mechanism without business meaning/],
    ['domain', 'testing', /folders of tests/],
    ['domain', 'com1', /is a device on Windows/],
  ])('of a %s cannot be %s', (role, text, why) => {
    expect(() => mustBeFree(nameOf(text, 'It'), role)).toThrow(why);
    expect(() => mustBeFree(nameOf(text, 'It'), role)).toThrow(/: take another word, or add one to it$/);
  });

  it.each<[Role, string]>([
    ['resource', 'order'],
    ['resource', 'user'],
    ['resource', 'select'],
    ['plural', 'orders'],
    ['plural', 'files'],
    ['field', 'type'],
    ['field', 'name'],
    ['field', 'status'],
    ['field', 'date'],
    ['domain', 'order'],
  ])('of a %s can be %s', (role, text) => {
    expect(mustBeFree(nameOf(text, 'It'), role).kebab).toBe(text);
  });

  it('says nothing where the rule of names says so, and nowhere else', () => {
    const rule = /const SAYS_NOTHING = \/(.*)\//.exec(readFileSync(RULE, 'utf8'))?.[1];
    expect(rule).toBe(SAYS_NOTHING.source.replace(/\$$/, '(\\.|$)'));
  });
});
