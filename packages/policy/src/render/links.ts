import type { PolicyDocument } from '../model/document.ts';

/** Where a link of the prose leads: inside the site, out of it, or nowhere that a page should offer. */
export type Destination =
  | { readonly kind: 'inside'; readonly href: string }
  | { readonly kind: 'outside'; readonly href: string }
  | { readonly kind: 'refused' };

/** A base that no real link has: what still has it after resolving was relative. */
const HERE = 'https://here.invalid';

/**
 * Judges a link by what a browser would make of it (WHATWG URL), so that odd writings ("java\nscript:", "//elsewhere",
 * "/\elsewhere") are seen for what they are. Only http, https, mailto and tel are offered.
 */
export function destinationOf(url: string, document: PolicyDocument): Destination {
  const resolved = URL.parse(url, `${HERE}/`);
  if (resolved === null) return { kind: 'refused' };
  const { protocol, origin, host, pathname, search, hash, href } = resolved;
  if (protocol === 'mailto:' || protocol === 'tel:') return { kind: 'inside', href };
  if (protocol !== 'https:' && protocol !== 'http:') return { kind: 'refused' };
  if (origin === HERE)
    return { kind: 'inside', href: url.trim().startsWith('#') ? hash : `${pathname}${search}${hash}` };
  return { kind: bare(host) === bare(document.controller.site ?? '') ? 'inside' : 'outside', href };
}

/** A host without what people write or leave out: scheme, "www.", a path. */
function bare(site: string): string {
  return site
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/^www\./, '')
    .replace(/\/.*$/, '');
}
