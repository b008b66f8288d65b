import { NotFound, ReferenceNotFound } from '@platform/kernel';

/**
 * What a column of a resource refers to, looked up as the actor.
 * @throws ReferenceNotFound naming the column, where the lookup finds nothing that the actor sees
 */
export async function referred<T>(resource: string, column: string, found: Promise<T>): Promise<T> {
  try {
    return await found;
  } catch (error) {
    throw error instanceof NotFound ? new ReferenceNotFound(resource, [column], error) : error;
  }
}
