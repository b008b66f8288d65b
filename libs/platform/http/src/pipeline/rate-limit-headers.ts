import { type RateDecision, type RateLimitPolicy } from '@platform/security';
import { type ServerResponse } from 'node:http';

const policyTexts = new WeakMap<RateLimitPolicy, string>();

/**
 * Both header families (D15): the three `X-RateLimit-*`, and the structured fields of
 * draft-ietf-httpapi-ratelimit-headers-10: `"name";q=quota;w=window` and `"name";r=remaining;t=seconds`.
 */
export function setRateLimitHeaders(response: ServerResponse, decision: RateDecision): void {
  const { policy, limit, remaining, resetAt, retryAfter } = decision;
  response.setHeader('X-RateLimit-Limit', limit);
  response.setHeader('X-RateLimit-Remaining', remaining);
  response.setHeader('X-RateLimit-Reset', resetAt);
  response.setHeader('RateLimit-Policy', policyText(policy));
  response.setHeader('RateLimit', `"${policy.name}";r=${remaining};t=${retryAfter}`);
}

function policyText(policy: RateLimitPolicy): string {
  let text = policyTexts.get(policy);
  if (!text) policyTexts.set(policy, (text = `"${policy.name}";q=${policy.limit};w=${policy.windowSeconds}`));
  return text;
}
