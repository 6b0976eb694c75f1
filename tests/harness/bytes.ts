import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Files below a folder that hold these bytes anywhere, as UTF-8, UTF-16LE or base64 of the whole value. */
export function filesWith(folder: string, needle: string | Buffer): string[] {
  const needles =
    typeof needle === 'string'
      ? [Buffer.from(needle), Buffer.from(needle, 'utf16le'), Buffer.from(Buffer.from(needle).toString('base64'))]
      : [needle];
  return walk(folder).filter((file) => {
    const bytes = bytesOf(file);
    return needles.some((each) => bytes.includes(each));
  });
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
