/** Words for people, by language tag (`en`, `zh`, ...). A plain string in a policy means English. */
export type Label = Readonly<Record<string, string>>;

/** Anything that carries a label: a term, a setting, a form. */
export interface Labelled {
  readonly id?: string;
  readonly label: Label;
}

/**
 * The words for a term in the reader's language: the exact tag, then its primary part (`zh` for `zh-CN`), then English, then
 * whatever there is. A term without words answers with its id, underscores as spaces.
 */
export function label(term: Labelled | Label | string | undefined, language: string): string {
  if (term === undefined) return '';
  if (typeof term === 'string') return term.replaceAll('_', ' ');
  const labelled = isLabelled(term);
  const words: Label = labelled ? term.label : term;
  const primary = language.split('-', 1)[0] ?? language;
  const found = own(words, language) ?? own(words, primary) ?? own(words, 'en') ?? Object.values(words)[0];
  if (found !== undefined) return found;
  return labelled && term.id !== undefined ? term.id.replaceAll('_', ' ') : '';
}

function isLabelled(term: Labelled | Label): term is Labelled {
  return typeof term.label === 'object' && term.label !== null;
}

function own(words: Label, language: string): string | undefined {
  return Object.hasOwn(words, language) ? words[language] : undefined;
}
