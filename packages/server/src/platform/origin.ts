/** Whether a request that changes something comes from a page of ours, and if not, why not. */
export type OriginVerdict = { ok: true } | { ok: false; code: 'foreign-origin' | 'origin-unknown' };

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Guards against forged requests (a page elsewhere that makes a visitor's browser post to us) without a token, so that no
 * cookie is needed before a choice. Browsers say where a request comes from, and pages cannot change what they say:
 *
 * - `Sec-Fetch-Site` (W3C Fetch Metadata): only `same-origin` passes. Sent to HTTPS and to loopback.
 * - `Origin` (RFC 6454): if it names an origin it must be ours, whatever else is said. `null` passes only beside
 *   `Sec-Fetch-Site: same-origin`: that is a form on a page of ours with a strict referrer policy.
 * - Neither: no browser of today. Passes only as JSON without a cookie, which is a program that speaks for itself;
 *   a form could not be told from a forged one.
 *
 * @param request its URL carries the host that the browser asked for, as the listener made it from `Host`
 * @param secure whether it came over TLS; a proxy may have ended that, so the URL's scheme does not tell
 */
export function checkOrigin(request: Request, secure: boolean): OriginVerdict {
  if (READS.has(request.method)) return { ok: true };
  const site = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  const ours = `${secure ? 'https' : 'http'}://${new URL(request.url).host}`;
  if (site !== null && site !== 'same-origin' && site !== 'none') return { ok: false, code: 'foreign-origin' };
  if (origin !== null && origin !== 'null')
    return sameOrigin(origin, ours) ? { ok: true } : { ok: false, code: 'foreign-origin' };
  if (site === 'same-origin') return { ok: true };
  if (site !== null || origin !== null) return { ok: false, code: 'origin-unknown' };
  const type = (request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  const bySelf = type === 'application/json' || (type === '' && request.body === null);
  return bySelf && !request.headers.has('cookie') ? { ok: true } : { ok: false, code: 'origin-unknown' };
}

function sameOrigin(given: string, ours: string): boolean {
  try {
    return new URL(given).origin === new URL(ours).origin;
  } catch {
    return false;
  }
}
