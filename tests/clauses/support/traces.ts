import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { walk } from '../../harness/bytes.ts';
import type { Server } from '../../harness/server.ts';

/** Something to look for, and how it is called when it is found. */
interface Needle {
  says: string;
  bytes: Buffer;
}

const KNOWN = new Map<string, Needle[]>();

/** The shapes in which a value could lie somewhere: clear, encoded, or as a digest that a guess would confirm. */
function shapesOf(value: string): Needle[] {
  const known = KNOWN.get(value);
  if (known !== undefined) return known;
  const texts = new Set([value, value.toLowerCase(), value.toUpperCase()]);
  const shapes = [...texts].flatMap((text) => [
    { says: 'clear', bytes: Buffer.from(text) },
    { says: 'in UTF-16', bytes: Buffer.from(text, 'utf16le') },
    { says: 'percent-encoded', bytes: Buffer.from(encodeURIComponent(text)) },
    ...encoded('', Buffer.from(text)),
    ...['md5', 'sha1', 'sha256', 'sha512'].flatMap((algorithm) => {
      const digest = createHash(algorithm).update(text).digest();
      return [{ says: `its ${algorithm}`, bytes: digest }, ...encoded(`its ${algorithm} `, digest)];
    }),
  ]);
  KNOWN.set(value, shapes);
  return shapes;
}

/** Bytes in hex and base64, the latter at any of its three alignments. */
function encoded(says: string, bytes: Buffer): Needle[] {
  const hex = bytes.toString('hex');
  const base64 = (['base64', 'base64url'] as const).flatMap((encoding) =>
    [0, 1, 2].map((offset) => {
      const text = Buffer.concat([Buffer.alloc(offset), bytes])
        .toString(encoding)
        .replace(/=+$/, '');
      // The first and the last letter may share bits with what stands beside.
      return { says: `${says}in ${encoding}`, bytes: Buffer.from(text.slice(offset === 0 ? 0 : offset + 1, -1)) };
    }),
  );
  return [...[hex, hex.toUpperCase()].map((text) => ({ says: `${says}in hex`, bytes: Buffer.from(text) })), ...base64];
}

/** Looks for many needles in one pass: three bytes decide whether to look closer. */
class Searcher {
  readonly #seen = new Uint8Array(1 << 24);
  readonly #needles = new Map<number, Needle[]>();

  constructor(values: readonly string[]) {
    for (const value of values) {
      for (const { says, bytes } of shapesOf(value)) {
        const key = bytes.readUIntBE(0, 3);
        this.#seen[key] = 1;
        this.#needles.set(key, [...(this.#needles.get(key) ?? []), { says: `${value} (${says})`, bytes }]);
      }
    }
  }

  in(bytes: Buffer): string[] {
    const found = new Set<string>();
    let key = 0;
    for (let i = 0; i < bytes.length; i += 1) {
      key = ((key << 8) | bytes[i]!) & 0xff_ff_ff;
      if (this.#seen[key] === 0 || i < 2) continue;
      for (const needle of this.#needles.get(key)!)
        if (needle.bytes.equals(bytes.subarray(i - 2, i - 2 + needle.bytes.length))) found.add(needle.says);
    }
    return [...found];
  }
}

/** Where bytes have any shape of any of these values. For a page or a file; a whole house is searched by `tracesOf`. */
export function tracesIn(bytes: Buffer | string, values: readonly string[]): string[] {
  const text = Buffer.from(bytes);
  return values.flatMap((value) =>
    shapesOf(value)
      .filter((shape) => text.includes(shape.bytes))
      .map(({ says }) => `${value} (${says})`),
  );
}

/** Where a house has any shape of these values: every file of its data directory, and everything that it printed. */
export function tracesOf(server: Pick<Server, 'data' | 'output'>, values: readonly string[]): string[] {
  const searcher = new Searcher(values);
  const files = walk(server.data).flatMap((file) =>
    searcher.in(readOr(file)).map((found) => `${found} in ${file.slice(server.data.length)}`),
  );
  return [...searcher.in(Buffer.from(server.output())).map((found) => `${found} in its output`), ...files];
}

/** Files come and go while a house runs. */
function readOr(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
