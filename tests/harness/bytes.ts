import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Files below a folder that hold these bytes anywhere, as UTF-8, UTF-16LE or base64 of the whole value. */
export function filesWith(folder: string, needle: string | Buffer): string[] {
  return tracesIn(folder, new Map([['', needle]])).map(({ file }) => file);
}

/** Which of several needles, by their names, is in which file below a folder; each file is read once. */
export function tracesIn(
  folder: string,
  needles: ReadonlyMap<string, string | Buffer>,
): { name: string; file: string }[] {
  const forms = [...needles].map(([name, needle]) => ({ name, bytes: formsOf(needle) }));
  return walk(folder).flatMap((file) => {
    const bytes = bytesOf(file);
    const found = forms.filter((form) => form.bytes.some((each) => bytes.includes(each)));
    return found.map(({ name }) => ({ name, file }));
  });
}

function formsOf(needle: string | Buffer): Buffer[] {
  if (typeof needle !== 'string') return [needle];
  const utf8 = Buffer.from(needle);
  return [utf8, Buffer.from(needle, 'utf16le'), Buffer.from(utf8.toString('base64'))];
}

/** What a file holds; nothing, where it went while we looked. */
function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

/** Every regular file below a folder. Files that go while we look are passed over. */
export function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    try {
      return statSync(path).isFile() ? [path] : [];
    } catch {
      return [];
    }
  });
}
