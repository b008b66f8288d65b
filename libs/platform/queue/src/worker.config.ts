import { integer, setting, settings } from '@platform/config';
import { z } from 'zod';

/** Where the worker tells how it is. */
export class WorkerConfig extends settings('worker', {
  host: setting(
    'WORKER_HOST',
    z.string().optional(),
    "Address of the worker's health and metrics; default 127.0.0.1 in embedded mode, else 0.0.0.0.",
    { example: '' },
  ),
  port: setting(
    'WORKER_PORT',
    integer(0, 65_535).default(3001),
    "TCP port of the worker's /health/live, /health/ready and /metrics, 0–65535; 0 takes a free one.",
  ),
}) {}
