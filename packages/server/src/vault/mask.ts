/** How a value is shown to someone who may know that it is there, but need not know what it is. */
export type MaskKind = 'name' | 'email' | 'phone' | 'tail4' | 'all' | 'none';

const HIDDEN = '***';
const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * A masked value. What is hidden is always three stars, so that its length is hidden too; what stays is counted in characters
 * as people see them (an accent or an emoji is never cut in half). Compatibility forms (full-width digits) count as the plain ones.
 *
 *     name    the first character of each word: "Zoë van Dijk" → "Z*** v*** D***", "王小明" → "王***"
 *     email   the first character of the name and of the host, and the last label: "jane@mail.example.org" → "j***@m***.org"
 *     phone   the last two digits, if there are seven or more: "+86 532 8893 9999" → "***99"
 *     tail4   the last four characters, if there are eight or more: "6222021234567890" → "***7890"
 *     all     nothing
 *     none    the value itself
 *
 * A word, name or host of one character would be shown whole by its first character, so it is hidden. An empty value stays empty.
 * A value that does not look like its kind is hidden whole.
 */
export function mask(kind: MaskKind, value: string): string {
  if (kind === 'none') return value;
  const text = value.normalize('NFKC').trim();
  if (text === '') return '';
  switch (kind) {
    case 'name':
      return text.split(/\s+/u).map(initial).join(' ');
    case 'email':
      return maskEmail(text);
    case 'phone':
      return maskPhone(text);
    case 'tail4': {
      const all = graphemes(text);
      return all.length < 8 ? HIDDEN : HIDDEN + all.slice(-4).join('');
    }
    case 'all':
    default:
      return HIDDEN;
  }
}

function maskEmail(text: string): string {
  const at = text.lastIndexOf('@');
  const labels = text.slice(at + 1).split('.');
  const last = labels.at(-1);
  if (at < 1 || labels.length < 2 || labels.includes('') || last === undefined) return HIDDEN;
  return `${initial(text.slice(0, at))}@${initial(labels[0] ?? '')}.${last}`;
}

function maskPhone(text: string): string {
  const digits = text.match(/\p{Nd}/gu) ?? [];
  return digits.length < 7 ? HIDDEN : HIDDEN + digits.slice(-2).join('');
}

/** The first character and stars; stars alone for a word of one character. */
function initial(word: string): string {
  const [first, second] = graphemes(word);
  return second === undefined ? HIDDEN : first + HIDDEN;
}

function graphemes(text: string): string[] {
  return Array.from(GRAPHEMES.segment(text), (part) => part.segment);
}
