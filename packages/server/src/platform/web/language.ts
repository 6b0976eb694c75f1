/** The languages of the house's own words. A policy's text stands in the languages that it is written in. */
const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Says a thing in the reader's language; both wordings stand side by side where they are used. */
export type Say = (en: string, zh: string) => string;

/** The cookie that keeps a language which the reader chose. */
export const LANGUAGE_COOKIE = 'language';

/**
 * The language of a request: the one asked for in the address, else the one chosen before, else what the browser prefers.
 * @param accept the Accept-Language header (RFC 9110, section 12.5.4)
 */
export function languageOf(
  query: string | undefined,
  cookie: string | undefined,
  accept: string | undefined,
): Language {
  return known(query) ?? known(cookie) ?? preferred(accept ?? '') ?? 'en';
}

export function sayIn(language: Language): Say {
  return language === 'zh' ? (_en, zh) => zh : (en) => en;
}

/** The name under which the house knows a language tag, if it does. */
export function known(tag: string | undefined): Language | undefined {
  const primary = tag?.trim().toLowerCase().split('-')[0];
  return LANGUAGES.find((language) => language === primary);
}

function preferred(accept: string): Language | undefined {
  return accept
    .split(',')
    .map((part) => {
      const [tag, ...parameters] = part.split(';');
      const quality = parameters.find((parameter) => parameter.trim().startsWith('q='));
      return { language: known(tag), quality: quality === undefined ? 1 : Number(quality.trim().slice(2)) };
    })
    .filter(
      (choice): choice is { language: Language; quality: number } =>
        choice.language !== undefined && choice.quality > 0,
    )
    .toSorted((a, b) => b.quality - a.quality)[0]?.language;
}
