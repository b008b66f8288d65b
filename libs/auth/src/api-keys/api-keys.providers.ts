import { ApiKeyRules } from './api-key-rules';
import { ApiKeyUsage } from './api-key-usage';
import { ApiKeyReader } from './api-key.reader';
import { ApiKeyRepository } from './api-key.repository';
import { ApiKeysService } from './api-keys.service';

/** Keys for programs. */
export const API_KEYS = [ApiKeyRepository, ApiKeyRules, ApiKeyUsage, ApiKeyReader, ApiKeysService];
