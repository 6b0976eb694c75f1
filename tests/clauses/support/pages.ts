import { Client, type Answer } from '../../harness/client.ts';

/** A field of a form on a page. */
export interface PageField {
  name: string;
  type: string;
}

/** A form on a page, with what stands in it before its button. */
export interface PageForm {
  action: string;
  method: string;
  fields: PageField[];
  beforeButton: string;
}

/** The visible words of HTML, with single spaces. */
export function wordsOf(html: string): string {
  return html
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The forms of a page. Hidden fields and boxes count: what is sent counts. */
export function formsOf(html: string): PageForm[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, attributes, inner]) => {
    const fields = [...inner!.matchAll(/<(input|textarea|select)\b([^>]*)>/g)].map(([, tag, rest]) => ({
      name: attributeOf(rest!, 'name'),
      type: tag === 'input' ? attributeOf(rest!, 'type') || 'text' : tag!,
    }));
    const button = inner!.lastIndexOf('<button');
    return {
      action: attributeOf(attributes!, 'action'),
      method: (attributeOf(attributes!, 'method') || 'get').toLowerCase(),
      fields,
      beforeButton: wordsOf(inner!.slice(0, button < 0 ? undefined : button)),
    };
  });
}

export function attributeOf(attributes: string, name: string): string {
  return (new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1] ?? '').replaceAll('&amp;', '&');
}

/** Every address that a page links to, on this house or elsewhere. */
export function linksOf(html: string): string[] {
  return [...html.matchAll(/<(?:a|link)\b[^>]*\shref="([^"]*)"/g)].map((match) => match[1]!.replaceAll('&amp;', '&'));
}

/**
 * Fetches every address of a house that can be found from some: by links, by the API's own description. Anonymous: no cookie, no
 * Referer, nothing but GET.
 */
export async function crawl(base: string, from: readonly string[]): Promise<Map<string, Answer>> {
  const client = new Client(base);
  const description = await client.get('/openapi.json', { bare: true });
  const described = Object.keys(description.json.paths as object).map((path) => path.replaceAll(/\{\w+\}/g, 'concern'));
  const waiting = ['/', ...from, ...described];
  const found = new Map<string, Answer>();
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (found.has(path)) continue;
    const answer = await client.get(path, { bare: true });
    found.set(path, answer);
    const location = answer.headers.get('location');
    for (const href of [...linksOf(answer.text), ...(location === null ? [] : [location])]) {
      const to = new URL(href, new URL(path, base));
      if (to.origin === new URL(base).origin) waiting.push(to.pathname + to.search);
    }
  }
  return found;
}

export const isHtml = ({ headers }: Answer): boolean => (headers.get('content-type') ?? '').startsWith('text/html');
