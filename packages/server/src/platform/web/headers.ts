import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from './frame.ts';

/** Loads only what this house serves, runs no script, posts only to itself, shows itself in no frame (CSP level 3). */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every answer. Nothing is cached where a person's data may be in it; no referrer leaves the site. */
export const securityHeaders: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  const set = (name: string, value: string): void => {
    if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  };
  set('content-security-policy', CONTENT_SECURITY_POLICY);
  set('referrer-policy', 'no-referrer');
  set('x-content-type-options', 'nosniff');
  set('x-frame-options', 'DENY');
  set('cross-origin-opener-policy', 'same-origin');
  set('cross-origin-resource-policy', 'same-origin');
  set('permissions-policy', 'camera=(), geolocation=(), microphone=(), browsing-topics=()');
  set('cache-control', 'no-store');
};
