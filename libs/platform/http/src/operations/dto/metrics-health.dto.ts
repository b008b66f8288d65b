/** `GET /api/v1/public/metrics/health`. */
export class MetricsHealthDto {
  status: 'healthy' | 'unavailable';
  prometheus_available: boolean;
  environment: string;
}
