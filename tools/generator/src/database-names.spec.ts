import { foreignKeyName, indexName as cutIndexName } from '../../../libs/platform/database/src/naming.ts';
import { foreignKey, indexName } from './database-names.ts';

describe('the names of a table', () => {
  it('are those that the platform gives, before they are cut', () => {
    expect(indexName('boxes', ['owner_id', 'created_at'])).toBe(cutIndexName('boxes', ['owner_id', 'created_at']));
    expect(foreignKey('boxes', 'depot_id')).toBe(foreignKeyName('boxes', ['depot_id']));
  });
});
