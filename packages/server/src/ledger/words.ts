import { TrothError } from '../platform/errors.ts';

/** Longest word of an entry, in characters. */
const WORD_MAX = 64;

const SHAPE = /^[a-z][a-z0-9_.:-]*(@[0-9][0-9.-]*)?$/;
/** A UUID tells people apart, a long run of digits may be a telephone number: neither is a policy's word. */
const IDENTIFYING = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}|[0-9]{7}/;

/**
 * Holds a word of an entry to the words that a policy declares: lower-case letters, digits, `_ . : -`, beginning with a letter;
 * `@` only before a version number, so that no e-mail address fits. What does not fit is refused without being repeated, since
 * it may be a person's.
 * @param may `empty` where the entry need not name such a thing.
 */
export function checkWord(name: string, word: string, may: 'empty' | 'not_empty' = 'not_empty'): string {
  if (word === '' && may === 'empty') return word;
  if (word.length <= WORD_MAX && SHAPE.test(word) && !IDENTIFYING.test(word)) return word;
  throw new TrothError(
    'ledger-bad-word',
    `ledger entry, ${name}: expected a word of a policy ([a-z][a-z0-9_.:-]*, at most ${WORD_MAX} characters, no id of a person); ` +
      `came ${word.length} characters that are none`,
    { hint: 'what a person typed goes sealed into the records; the entry commits to it by a salted digest' },
  );
}
