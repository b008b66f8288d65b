import { setting, settings } from '@platform/config';
import { z } from 'zod';

/** How the process logs and who may read its metrics. */
export class ObservabilityConfig extends settings('observability', {
  logLevel: setting(
    'LOG_LEVEL',
    z.enum(['DEBUG', 'INFO', 'WARNING', 'ERROR']).default('INFO'),
    'DEBUG, INFO, WARNING or ERROR: lines below it are not written.',
  ),
  logFormat: setting(
    'LOG_FORMAT',
    z.enum(['json', 'text']).optional(),
    'json or text; default text when ENVIRONMENT is local, else json.',
    { example: '' },
  ),
  metricsToken: setting(
    'METRICS_TOKEN',
    z.string().min(16, { error: 'expected at least 16 characters' }).optional(),
    'Bearer token of /api/v1/public/metrics and, in production, of what health tells beside up or down; at least 16 ' +
      'characters. Without it production answers 401 at the metrics.',
    { secret: true, example: '' },
  ),
}) {}
