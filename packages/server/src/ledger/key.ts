import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TrothError } from '../platform/errors.ts';
import { parseSigner, signerText, vkeyOf, checkKeyName, type Signer } from './note.ts';

/** The file of the signing key below the secrets directory. */
const KEY_FILE = 'ledger.key';

/** The log's signing key, if there is one. Throws `ledger-bad-key` where the file holds something else. */
export async function loadKey(secretsDir: string): Promise<Signer | undefined> {
  const file = join(secretsDir, KEY_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return parseSigner(text);
  } catch (cause) {
    throw new TrothError('ledger-bad-key', 'expected the signing key of the ledger; came something else', {
      file,
      hint: 'put the file back from a copy of the secrets',
      cause,
    });
  }
}

/**
 * Makes the log's signing key, readable by its owner alone and on disk before it is used. Where another process made one at
 * the same moment, that one holds.
 */
export async function createKey(secretsDir: string, origin: string): Promise<Signer> {
  const file = join(secretsDir, KEY_FILE);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${signerText(checkKeyName(origin), randomBytes(32))}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    // A link, not a rename: it never overwrites a key that is there.
    await link(draft, file);
    const folder = await open(dirname(file), 'r');
    await folder.sync().finally(() => folder.close());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
  return (await loadKey(secretsDir))!;
}

/** What the ledger of this directory is verified with: `name+hash+base64`. Throws `ledger-key-missing`. */
export async function readVkey(secretsDir: string): Promise<string> {
  const signer = await loadKey(secretsDir);
  if (signer === undefined) {
    throw new TrothError('ledger-key-missing', 'expected the signing key of the ledger; there is none', {
      file: join(secretsDir, KEY_FILE),
      hint: 'a first ./start makes it; else put it back from a copy of the secrets, or give the verifier key',
    });
  }
  return vkeyOf(signer);
}
