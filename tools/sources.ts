import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of this checkout. */
export interface Source {
  /** Path from the root, with slashes. */
  path: string;
  text: string;
}

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const NOT_OURS = new Set(['node_modules', '.git', 'data', 'results', '.install.lock']);

/** All text files that belong to the project, pictures and the like left out. */
export function allSources(): Source[] {
  return walk(ROOT)
    .filter((path) => !/\.(png|jpg|ico|woff2|gz|sqlite)$/.test(path))
    .map((path) => ({ path: relative(ROOT, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }));
}

/** What a TypeScript file imports or exports from, as written. */
export function importsOf(source: Source): string[] {
  const found = source.text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\n)import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
  );
  return [...found].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

/** The path from the root that a relative import leads to. */
export function targetOf(source: Source, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(source.path), specifier));
}

export function exists(path: string): boolean {
  return statSync(join(ROOT, path), { throwIfNoEntry: false }) !== undefined;
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    // Names that start with a dot and belong to an editor or a system are nobody's source, but .ci and the like are.
    if (NOT_OURS.has(entry.name) || entry.name === '.DS_Store' || entry.name.endsWith('.log')) return [];
    return entry.isDirectory() ? walk(path) : entry.isFile() ? [path] : [];
  });
}
