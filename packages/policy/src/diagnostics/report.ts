import type { Position } from '../model/document.ts';
import { DIAGNOSTICS, type DiagnosticCode, type Level } from './catalogue.ts';

/** One problem of a policy, where it is (1-based), and how to mend it. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly level: Level;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly expected?: string;
  readonly found?: string;
  readonly message: string;
  readonly mend: string;
}

/** What a reporter may add to the catalogue's own words. */
export interface Detail {
  readonly expected?: string;
  readonly found?: string;
}

/** Gathers problems; nothing stops at the first. */
export class Report {
  readonly file: string;
  readonly diagnostics: Diagnostic[] = [];

  constructor(file: string) {
    this.file = file;
  }

  add(code: DiagnosticCode, at: Position, detail: Detail = {}): void {
    const { level, what, mend } = DIAGNOSTICS[code];
    const found = detail.found === undefined ? undefined : shorten(detail.found);
    const parts = [what];
    if (found !== undefined) parts.push(`found ${found}`);
    if (detail.expected !== undefined) parts.push(`expected ${detail.expected}`);
    this.diagnostics.push({
      code,
      level,
      file: this.file,
      line: at.line,
      column: at.column,
      ...(detail.expected === undefined ? {} : { expected: detail.expected }),
      ...(found === undefined ? {} : { found }),
      message: parts.join('; '),
      mend,
    });
  }

  /** In the order of the text. */
  sorted(): Diagnostic[] {
    return this.diagnostics.toSorted((a, b) => a.line - b.line || a.column - b.column);
  }
}

/** One line, at most 80 characters, no control characters: a diagnostic is printed on terminals. */
function shorten(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
