import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { frontmatter } from 'micromark-extension-frontmatter';
import type { Root, Yaml as YamlNode } from 'mdast';
import { type Diagnostic, Report } from '../diagnostics/report.ts';
import type { PolicyDocument } from '../model/document.ts';
import { assemble } from './assemble.ts';
import { BlockReader } from './blocks.ts';
import { readFrontMatter } from './front-matter.ts';
import { start } from './prose.ts';
import { soundSource } from './source.ts';

export interface ParseOptions {
  /** The name of the file, for diagnostics only; nothing is read. */
  readonly file: string;
}

export interface ParseResult {
  /** Undefined if the text is no policy at all; else as much of it as could be read, even when there are errors. */
  readonly document: PolicyDocument | undefined;
  readonly diagnostics: Diagnostic[];
}

/**
 * Reads a policy. Never throws: every problem of the form is among the diagnostics, in the order of the text.
 * What the text means (terms that are not declared, contradictions) is for `check`.
 */
export function parse(source: string, options: ParseOptions): ParseResult {
  const report = new Report(options.file);
  const text = source.startsWith('\ufeff') ? source.slice(1) : source;
  let document: PolicyDocument | undefined;
  try {
    if (soundSource(text, report)) document = read(text, report);
  } catch (error) {
    // The Markdown parser recurses and may run out of stack, the sooner the deeper its caller stands. Anything else is our
    // own mistake.
    if (!(error instanceof RangeError)) throw error;
    report.add('unreadable', { line: 1, column: 1 });
  }
  return { document, diagnostics: report.sorted() };
}

function read(text: string, report: Report): PolicyDocument | undefined {
  const root: Root = fromMarkdown(text, { extensions: [frontmatter()], mdastExtensions: [frontmatterFromMarkdown()] });
  const blocks = new BlockReader(report);
  blocks.read(root.children);
  const yaml = root.children.find((node): node is YamlNode => node.type === 'yaml');
  if (yaml === undefined) report.add('no_front_matter', { line: 1, column: 1 });
  const front = yaml && readFrontMatter(yaml.value, { line: start(yaml).line + 1, indent: 0 }, report);
  return assemble(blocks, front?.matter, front?.defaultRefusalAt, report);
}
