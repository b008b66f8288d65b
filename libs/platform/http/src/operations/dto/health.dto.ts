/** `GET /api/v1/public/health`. */
export class HealthDto {
  status: 'healthy';
  /** When this was said. */
  timestamp: Date;
}

/** One part in {@link ReadinessDto}. */
export class ComponentDto {
  status: 'healthy' | 'degraded' | 'unhealthy' | 'not_configured';
  /** Why it is not healthy, in our words. */
  error?: string;
  /** Milliseconds by which this server's clock is ahead of the component's. */
  clock_offset_ms?: number;
}

/** The parts of {@link ReadinessDto}. */
export class ComponentsDto {
  database?: ComponentDto;
  redis?: ComponentDto;
  /** What carries jobs, where this process works on them. */
  jobs?: ComponentDto;
}

/** `GET /api/v1/public/health/ready`. */
export class ReadinessDto {
  status: 'healthy' | 'degraded' | 'unhealthy';
  timestamp: Date;
  /** In production for the bearer of METRICS_TOKEN only; without them the status is healthy or unhealthy. */
  components?: ComponentsDto;
}

/** `GET /api/v2/public/health`. */
export class HealthV2Dto {
  status: 'healthy';
  timestamp: Date;
  version: 'v2';
  /** Name of the service; in production for the bearer of METRICS_TOKEN only. */
  service?: string;
  /** In production for the bearer of METRICS_TOKEN only. */
  uptime_seconds?: number;
}

/** One part in {@link ReadinessV2Dto}. */
export class ComponentV2Dto {
  status: 'healthy' | 'degraded' | 'unhealthy' | 'not_configured';
  /** Time of the check, milliseconds. */
  latency_ms: number | null;
  /** Product and version of the server. */
  version: string | null;
  /** Why it is not healthy, in our words. */
  error: string | null;
  /** Milliseconds by which this server's clock is ahead of the component's. */
  clock_offset_ms: number | null;
}

/** The parts of {@link ReadinessV2Dto}. */
export class ComponentsV2Dto {
  database?: ComponentV2Dto;
  redis?: ComponentV2Dto;
  /** What carries jobs, where this process works on them. */
  jobs?: ComponentV2Dto;
}

/** `GET /api/v2/public/health/ready`. */
export class ReadinessV2Dto {
  status: 'healthy' | 'degraded' | 'unhealthy';
  timestamp: Date;
  version: 'v2';
  /** Name of the service; this and all below in production for the bearer of METRICS_TOKEN only. */
  service?: string;
  environment?: string;
  uptime_seconds?: number;
  components?: ComponentsV2Dto;
}
