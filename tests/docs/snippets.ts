import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../harness/server.ts';

/** A fenced block of a document. */
export interface Snippet {
  file: string;
  line: number;
  language: string;
  text: string;
}

/** Every fenced block of the documents of this repository, in order, with the indentation of lists taken off. */
export function snippets(pattern = '{*.md,docs/**/*.md,policies/README.md,conformance/README.md}'): Snippet[] {
  return globSync(pattern, { cwd: ROOT })
    .toSorted()
    .flatMap((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      return [...text.matchAll(/^( *)```(\w*)[^\n]*\n([\s\S]*?)^\1```$/gm)].map((found) => ({
        file,
        line: text.slice(0, found.index).split('\n').length,
        language: found[2]!,
        text: found[3]!.replaceAll(new RegExp(`^${found[1]}`, 'gm'), ''),
      }));
    });
}

/** The commands of a shell block: joined at trailing backslashes, comments off. */
export function commandsOf(snippet: Snippet): string[] {
  return snippet.text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/\s+# .*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
