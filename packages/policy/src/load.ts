import { check } from './check/check.ts';
import { compile } from './compile/compile.ts';
import type { Tables } from './compile/tables.ts';
import type { Diagnostic } from './diagnostics/report.ts';
import type { PolicyDocument } from './model/document.ts';
import { parse, type ParseOptions } from './parse/parse.ts';

export interface Loaded {
  readonly document: PolicyDocument | undefined;
  /** Undefined if any diagnostic is an error: a policy that is wrong decides nothing. */
  readonly tables: Tables | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Parses, checks and compiles. Never throws; all problems at once, in the order of the text. */
export function load(source: string, options: ParseOptions): Loaded {
  const { document, diagnostics: formal } = parse(source, options);
  if (document === undefined) return { document, tables: undefined, diagnostics: formal };
  const diagnostics = [...formal, ...check(document)].toSorted((a, b) => a.line - b.line || a.column - b.column);
  const sound = diagnostics.every((diagnostic) => diagnostic.level !== 'error');
  return { document, tables: sound ? compile(document) : undefined, diagnostics };
}
