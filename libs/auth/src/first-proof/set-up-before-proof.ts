import { Injectable, type OnModuleInit } from '@nestjs/common';
import { FirstProofs, type ProofBasis } from '@omni/users';
import { ApiKeysService } from '../api-keys/api-keys.service';
import { WaysIn } from './ways-in';
import { SecondFactorsService } from '../second-factor/second-factors.service';
import { SessionsService } from '../sessions/sessions.service';

/** What auth ends when an address is proved for the first time: all that lets somebody in (decision 0046). */
@Injectable()
export class SetUpBeforeProof implements OnModuleInit {
  constructor(
    private readonly firstProofs: FirstProofs,
    private readonly sessions: SessionsService,
    private readonly waysIn: WaysIn,
    private readonly factors: SecondFactorsService,
    private readonly keys: ApiKeysService,
  ) {}

  onModuleInit(): void {
    this.firstProofs.register(
      {
        tables: ['sessions', 'refresh_tokens', 'browser_sessions'],
        what: 'sign-ins',
        isExpected: true,
        end: async (userId, basis) =>
          this.sessions.end(userId, reasonFor(basis), {
            except: basis.sessionId,
            exceptMethod: await this.waysIn.methodThatStays(userId, basis),
          }),
      },
      {
        tables: ['user_identities'],
        what: 'linked identities',
        end: (userId, basis) => this.waysIn.endIdentities(userId, basis),
      },
      {
        tables: ['local_credentials'],
        what: 'password',
        end: (userId, basis) => this.waysIn.endPassword(userId, basis),
      },
      {
        tables: ['social_sign_ins'],
        what: 'sign-ins under way',
        isExpected: true,
        end: (userId) => this.waysIn.endUnderWay(userId),
      },
      {
        tables: ['second_factors', 'recovery_codes'],
        what: 'second factor',
        end: async (userId, { waysIn }) => (waysIn !== 'all' && (await this.factors.forget(userId)) ? 1 : 0),
      },
      { tables: ['api_keys'], what: 'API keys', end: (userId) => this.keys.endAllOf(userId) },
    );
  }
}

function reasonFor({ waysIn }: ProofBasis): 'password_changed' | 'revoked' {
  return waysIn === 'none' || waysIn === 'password' ? 'password_changed' : 'revoked';
}
