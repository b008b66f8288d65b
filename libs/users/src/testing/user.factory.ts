import { type Actor } from '@platform/kernel';
import { usersPermissions } from '../contract';
import { type User } from '../entities/user.entity';
import { type NewUser, type UserDirectory } from '../user.directory';

let serial = 0;

/** A stored account, made by the service; give only what the test is about. */
export function aUser(users: UserDirectory, input: Partial<NewUser> = {}): Promise<User> {
  serial += 1;
  return users.register({ email: `user-${serial}@example.test`, ...input });
}

/** The account as an actor, with the permissions of its role in `users` and those given. */
export function actorOf(user: User, permissions: readonly string[] = []): Actor {
  const held = usersPermissions.filter(({ roles }) => roles.includes(user.role)).map(({ name }) => name);
  return {
    kind: 'user',
    id: user.id,
    email: user.email,
    role: user.role,
    permissions: new Set([...held, ...permissions]),
  };
}
