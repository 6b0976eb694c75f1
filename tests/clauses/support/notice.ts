import type { Page } from 'playwright-core';
import type { Answer } from '../../harness/client.ts';
import { wordsOf } from './pages.ts';

/** The clauses of a notice as it shows them: id to words, without whether tests show them kept. */
export function clausesIn(page: Answer): Map<string, string> {
  return new Map(
    [...page.text.matchAll(/<div class="clause" id="([^"]+)"><p>([\s\S]*?)<\/p>\n?<p class="kept-by">/g)].map(
      (match) => [match[1]!, wordsOf(match[2]!)],
    ),
  );
}

/** The fields in a notice's table of what is gathered. */
export const gatheredIn = (page: Answer): string[] =>
  [...page.text.matchAll(/data-gathered="(\w+)"/g)].map((match) => match[1]!);

/** What stands between a heading and the next one: the class of each block, and where its way back leads. */
export async function blocksAfter(page: Page, heading: string): Promise<[kind: string, back: string][]> {
  // Runs in the page; a text, since its globals are the browser's.
  const script = `(() => {
    const all = [];
    for (let at = document.querySelector('${heading}').nextElementSibling; at && at.tagName !== 'H2'; at = at.nextElementSibling)
      all.push([at.className, at.querySelector('a[data-back-to-top]')?.getAttribute('href') ?? '']);
    return all;
  })()`;
  return page.evaluate<[string, string][]>(script);
}
