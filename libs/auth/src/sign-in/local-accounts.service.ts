import { Injectable } from '@nestjs/common';
import { type NewUser, type User, UserDirectory } from '@omni/users';
import { Transactional } from '@platform/database';
import { Metrics } from '@platform/observability';
import { InvalidCredentials } from '../auth.errors';
import { type SignIn, SignInsService } from './sign-ins.service';
import { EmailVerificationService } from '../links/email-verification.service';
import { KnownDevices } from '../passwords/known-devices';
import { LocalCredentials, type ProvenPassword } from '../passwords/local-credentials';

/** What a person proves with who they are. */
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
    private readonly verification: EmailVerificationService,
    private readonly devices: KnownDevices,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Make an account and sign its person in, whether their address is verified or not; `UserRegistered` and a welcome
   * mail are on their way.
   * @throws EmailTaken also when two come at once; it takes as long as a success
   */
  async register(input: NewUser & EmailAndPassword): Promise<SignIn> {
    const passwordHash = await this.credentials.hash(input.password);
    const signIn = await this.storeAndEnter(input, passwordHash);
    this.metrics.authEvent('signup', 'local');
    return signIn;
  }

  /** Make an account without signing in; as {@link register}. */
  async create(input: NewUser & EmailAndPassword): Promise<User> {
    return this.store(input, await this.credentials.hash(input.password));
  }

  /**
   * Sign in with e-mail and password. Tokens of known devices, if any are shown, keep the attempt apart from what
   * strangers guess.
   * @throws InvalidCredentials after the same time whether the account exists or not
   * @throws TooManyAttempts likewise
   * @throws EmailNotVerified only with the right password
   * @throws AccountDeactivated likewise
   * @throws SignInNeedsCode likewise
   */
  async login({ email, password }: EmailAndPassword, deviceTokens: readonly string[] = []): Promise<SignIn> {
    const user = await this.users.byEmail(email);
    const device = await this.devices.find(email, user?.id, deviceTokens);
    const proven = await this.credentials.prove({ id: user?.id, email, device }, password);
    if (!proven || !user) throw this.refusal();
    this.verification.check(user);
    return this.enter(user, proven, device);
  }

  /** A password that is changed between its check and the sign-in lets nobody in. */
  @Transactional()
  private async enter(user: User, proven: ProvenPassword, device: string | undefined): Promise<SignIn> {
    const stands = (await this.users.hold(user.id)) && (await this.credentials.hold(proven));
    if (!stands) throw this.refusal();
    return this.signIns.enter(user, 'password', device);
  }

  @Transactional()
  private async storeAndEnter(input: NewUser, passwordHash: string): Promise<SignIn> {
    return this.signIns.enter(await this.store(input, passwordHash), 'password');
  }

  @Transactional()
  private async store(input: NewUser, passwordHash: string): Promise<User> {
    const user = await this.users.register(input);
    await this.credentials.add(user.id, passwordHash);
    return user;
  }

  private refusal(): InvalidCredentials {
    this.metrics.authFailure('invalid_credentials');
    this.metrics.authEvent('failed', 'local');
    return new InvalidCredentials();
  }
}
