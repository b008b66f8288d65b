import { Injectable } from '@nestjs/common';
import { type NewUser, type User, UserDirectory } from '@omni/users';
import { Database } from '@platform/database';
import { Metrics } from '@platform/observability';
import { InvalidCredentials } from '../auth.errors';
import { type SignIn, SignInsService } from '../sessions/sign-ins.service';
import { LocalCredentials } from './local-credentials';

/** What a person proves himself with. */
export interface EmailAndPassword {
  email: string;
  password: string;
}

/** Published operations of the provider `local`: e-mail and password. */
@Injectable()
export class LocalAccountsService {
  constructor(
    private readonly users: UserDirectory,
    private readonly credentials: LocalCredentials,
    private readonly signIns: SignInsService,
    private readonly database: Database,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Make an account and sign its person in.
   *
   * Success: the tokens, `UserRegistered` and a welcome mail on its way. Failure: `EmailTaken` (409), also when two
   * come at once; it takes as long as a success.
   */
  async register(input: NewUser & EmailAndPassword): Promise<SignIn> {
    const passwordHash = await this.credentials.hash(input.password);
    const signIn = await this.database.transaction(async () =>
      this.signIns.enter(await this.store(input, passwordHash), 'password'),
    );
    this.metrics.authEvent('signup', 'local');
    return signIn;
  }

  /** Make an account without signing in; as {@link register}. For seeds and commands. */
  async create(input: NewUser & EmailAndPassword): Promise<User> {
    const passwordHash = await this.credentials.hash(input.password);
    return this.database.transaction(() => this.store(input, passwordHash));
  }

  /**
   * Sign in with e-mail and password.
   *
   * Success: the tokens. Failure: `InvalidCredentials` (401), after the same time whether the account exists or not;
   * `AccountDeactivated` (403), only with the right password.
   */
  async login(input: EmailAndPassword): Promise<SignIn> {
    const user = await this.users.byEmail(input.email);
    if (!(await this.credentials.check(user?.id, input.password)) || !user) {
      this.metrics.authFailure('invalid_credentials');
      this.metrics.authEvent('failed', 'local');
      throw new InvalidCredentials();
    }
    const signIn = await this.database.transaction(() => this.signIns.enter(user, 'password'));
    this.metrics.authEvent('login', 'local');
    return signIn;
  }

  private async store(input: NewUser, passwordHash: string): Promise<User> {
    const user = await this.users.register(input);
    await this.credentials.add(user.id, passwordHash);
    return user;
  }
}
