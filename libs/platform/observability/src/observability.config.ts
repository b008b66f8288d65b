import { CoreConfig, oneOf, type OtherSections, setting, settings, weaknessOf } from '@platform/config';
import { z } from 'zod';
import { type LogLevel } from './log';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'warning', 'error', 'fatal'] as const;
const LEVEL_OF: Record<(typeof LEVELS)[number], LogLevel> = {
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  warning: 'WARNING',
  error: 'ERROR',
  fatal: 'FATAL',
};

/** How the process logs and who may read its metrics. */
export class ObservabilityConfig extends settings('observability', {
  logLevel: setting(
    'LOG_LEVEL',
    oneOf(...LEVELS)
      .transform((word) => LEVEL_OF[word])
      .default('INFO'),
    'trace, debug, info, warn (or warning), error or fatal, in any case: lines below it are not written.',
  ),
  logFormat: setting(
    'LOG_FORMAT',
    oneOf('json', 'text').optional(),
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
}) {
  static override readonly replaced = { DEBUG: 'set LOG_LEVEL=debug' };

  static override check({ metricsToken }: ObservabilityConfig, other: OtherSections): string[] {
    const weakness = metricsToken && !other(CoreConfig).isLocal ? weaknessOf(metricsToken) : undefined;
    if (!weakness) return [];
    return [`Replace METRICS_TOKEN (observability.metricsToken): ${weakness}; \`openssl rand -hex 24\` makes one`];
  }

  static override advise({ metricsToken }: ObservabilityConfig, other: OtherSections): string[] {
    if (metricsToken || !other(CoreConfig).isProduction) return [];
    return [
      'Set METRICS_TOKEN (observability.metricsToken): without it /api/v1/public/metrics answers 401 in production',
    ];
  }
}
