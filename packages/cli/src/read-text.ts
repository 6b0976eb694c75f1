import { open } from 'node:fs/promises';
import { errorCode, TrothError } from '../../server/src/platform/errors.ts';

/** What a file turned out to hold. */
export type FileText = { text: string } | { tooLarge: number | undefined };

/**
 * Reads a text file, and never more of it than it may hold: a larger one is refused by its size, and one without a size (a device, a
 * pipe) as soon as it has given too much.
 * @param most bytes
 * @throws TrothError `file-unreadable`
 */
export async function readText(file: string, most: number): Promise<FileText> {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  try {
    const stat = await handle.stat();
    if (stat.isDirectory()) throw unreadable(file, { code: 'EISDIR' });
    if (stat.isFile() && stat.size > most) return { tooLarge: stat.size };
    const parts: Buffer[] = [];
    let size = 0;
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(1 << 16), 0, 1 << 16, null);
      if (bytesRead === 0) return { text: Buffer.concat(parts).toString('utf8') };
      size += bytesRead;
      if (size > most) return { tooLarge: undefined };
      parts.push(buffer.subarray(0, bytesRead));
    }
  } catch (cause) {
    throw cause instanceof TrothError ? cause : unreadable(file, cause);
  } finally {
    await handle.close();
  }
}

const REASONS: Record<string, [came: string, hint: string]> = {
  ENOENT: ['there is no such file', 'mind the spelling; paths are relative to where you are'],
  EISDIR: ['it is a directory', 'name the file in it, such as policy.md'],
  EACCES: ['you may not read it', 'give yourself leave to read it, or run this as its owner'],
};

function unreadable(file: string, cause: unknown): TrothError {
  const code = errorCode(cause);
  const [came, hint] = REASONS[code] ?? [`it could not be read (${code})`, 'name another file'];
  return new TrothError('file-unreadable', `expected a file that can be read; ${came}`, { file, hint, cause });
}
