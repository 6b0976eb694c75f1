import type { Report } from '../diagnostics/report.ts';

/** The most bytes of UTF-8 that a policy may have. */
const MAX_BYTES = 5_000_000;

/** The most lines: the Markdown parser needs a kilobyte of memory for each. */
const MAX_LINES = 50_000;

/** The most levels of lists and quotes. */
export const MAX_DEPTH = 20;

/** What may open between two blank lines: 2000 brackets, 250 emphases or 100 pictures, or a mixture. */
const MAX_WEIGHT = 2000;
const WEIGHTS: Readonly<Record<string, number>> = { '[': 1, '*': 8, _: 8, '![': 20 };
const OPENING = /!?\[|\*(?=\S)|(?<![\p{L}\p{N}])_(?=\S)/gu;

// oxlint-disable-next-line no-control-regex -- control characters and replacement signs are what tells a binary file
const NOT_TEXT = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\ufffd]/;
const MARKERS = /(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))){0,30}/y;

/** Refuses, before any parser sees it, what is not a text that people read. True if it may be parsed. */
export function soundSource(source: string, report: Report): boolean {
  const top = { line: 1, column: 1 };
  // A character takes at most three bytes for each UTF-16 unit: only texts near the limit need to be measured.
  const bytes =
    source.length * 3 <= MAX_BYTES || source.length > MAX_BYTES
      ? source.length
      : new TextEncoder().encode(source).length;
  if (bytes > MAX_BYTES) {
    report.add('too_large', top, { expected: 'at most 5 MB', found: `${(bytes / 1e6).toFixed(1)} MB` });
    return false;
  }
  const lines = countLines(source);
  if (lines > MAX_LINES) {
    report.add('too_large', top, { expected: `at most ${MAX_LINES} lines`, found: `${lines} lines` });
    return false;
  }
  const odd = NOT_TEXT.exec(source);
  if (odd !== null) {
    const before = source.slice(0, odd.index);
    const line = before.split('\n').length;
    const code = odd[0].charCodeAt(0).toString(16).padStart(4, '0').toUpperCase();
    const found = odd[0] === '\ufffd' ? 'bytes that are not UTF-8' : `the character U+${code}`;
    report.add('binary_input', { line, column: odd.index - before.lastIndexOf('\n') }, { found });
    return false;
  }
  return soundDepth(source, report) && soundDensity(source, report);
}

function countLines(source: string): number {
  let lines = 1;
  for (let index = source.indexOf('\n'); index !== -1; index = source.indexOf('\n', index + 1)) lines += 1;
  return lines;
}

/**
 * The Markdown parser looks at pairs of brackets and of emphasis signs of a paragraph, so that a text made of them would take
 * it hours: what opens is counted from one blank line to the next, each kind as heavily as it weighs on the parser.
 */
function soundDensity(source: string, report: Report): boolean {
  let weight = 0;
  let number = 0;
  for (const line of source.split('\n')) {
    number += 1;
    if (line.trim() === '') weight = 0;
    for (const mark of line.matchAll(OPENING)) {
      weight += WEIGHTS[mark[0]] ?? 0;
      if (weight <= MAX_WEIGHT) continue;
      const expected = 'fewer signs such as "[" and "*" between two blank lines';
      report.add('too_dense', { line: number, column: mark.index + 1 }, { expected });
      return false;
    }
  }
  return true;
}

/** The Markdown parser recurses into lists and quotes, so lines that open too many at once are refused first. */
function soundDepth(source: string, report: Report): boolean {
  let line = 1;
  for (let index = 0; index !== 0 || line === 1; line += 1) {
    MARKERS.lastIndex = index;
    const markers = MARKERS.exec(source)?.[0].match(/>|[-+*]|\d+/g)?.length ?? 0;
    if (markers > MAX_DEPTH) {
      report.add(
        'too_deep',
        { line, column: 1 },
        { expected: `at most ${MAX_DEPTH} levels`, found: `${markers} levels` },
      );
      return false;
    }
    index = source.indexOf('\n', index) + 1;
  }
  return true;
}
