import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYSTEMS_FOLDER } from './systems-folder';

/** Jest's global setup: where its workers write down the systems that their files share. */
function beginSystems(): void {
  process.env[SYSTEMS_FOLDER] = mkdtempSync(join(tmpdir(), 'omnistack-systems-'));
}

export = beginSystems;
