import { openCheckpoint } from './checkpoint.ts';
import { decodeEntry } from './entry.ts';
import { Findings, type Finding } from './findings.ts';
import { Frontier, leafHash } from './merkle.ts';
import { mirrorTiles, readMirrorBundle, readMirrorNote } from './mirror.ts';
import { parseVkey } from './note.ts';
import { TILE_WIDTH, bundlesBetween, decodeBundle, tilesBetween } from './tiles.ts';

export interface MirrorOptions {
  /** A copy of the log's public files. */
  dir: string;
  /** `name+hash+base64`, got from the log's operator by another way than the files. */
  vkey: string;
  /** An older checkpoint of this log that the auditor kept: the tree must begin with it. */
  since?: string;
  limit?: number;
}

export interface MirrorVerdict {
  ok: boolean;
  origin: string;
  size: number;
  /** Base64. */
  root: string;
  findings: Finding[];
  unlisted: number;
}

/**
 * Verifies a copy of the log offline, with no database and no secret: the checkpoint's signature, that the entries are readable
 * and hash to the tiles, the tiles to the root, and that an older checkpoint is its beginning. One bundle at a time.
 */
export async function verifyMirror({ dir, vkey, since, limit }: MirrorOptions): Promise<MirrorVerdict> {
  const verifier = parseVkey(vkey);
  const findings = new Findings(limit);
  const verdict = (size: number, root: string): MirrorVerdict => ({
    ok: findings.total === 0,
    origin: verifier.name,
    size,
    root,
    findings: findings.kept,
    unlisted: findings.total - findings.kept.length,
  });
  const note = await readMirrorNote(dir);
  if (note === undefined) {
    findings.add('mirror-missing', 'there is no checkpoint in this folder');
    return verdict(0, '');
  }
  const open = (text: string, which: string) => {
    try {
      return openCheckpoint(text, verifier);
    } catch {
      findings.add('mirror-signature', `${which} was not signed by this key`);
      return undefined;
    }
  };
  const head = open(note, 'the checkpoint');
  const older = since === undefined ? undefined : open(since, 'the older checkpoint');
  if (head === undefined) return verdict(0, '');
  if (older !== undefined && older.size > head.size) {
    findings.add('rolled-back', `the older checkpoint has ${older.size} entries, this one only ${head.size}`, {
      entry: head.size,
    });
  }
  const tree = new Frontier();
  const nodes: Buffer[][] = [];
  const compareOlder = (): void => {
    if (older?.size === tree.size && !older.root.equals(tree.root())) {
      findings.add('forked', `the first ${older.size} entries are not those of the older checkpoint`, {
        entry: older.size,
      });
    }
  };
  compareOlder();
  for (const { n, width } of bundlesBetween(0, head.size)) {
    const leaves = await leavesOf(dir, n, width, findings);
    const tile = await mirrorTiles(dir)({ level: 0, n, width }).catch(() => undefined);
    if (tile?.length !== width * 32)
      findings.add('mirror-file-missing', `the tile of entry ${n * TILE_WIDTH} is missing or cut`, {
        entry: n * TILE_WIDTH,
      });
    for (let i = 0; i < width; i += 1) {
      const [leaf, hash] = [leaves[i], tile?.subarray(i * 32, i * 32 + 32)];
      const idx = n * TILE_WIDTH + i;
      if (leaf !== undefined && hash?.length === 32 && !leaf.equals(hash))
        findings.add('entry-edited', `entry ${idx} and its tile do not agree`, { entry: idx });
      tree.append(leaf ?? Buffer.alloc(32), (height, at, node) => {
        if (height > 0 && height % 8 === 0) (nodes[height / 8] ??= [])[at] = Buffer.from(node);
      });
      compareOlder();
    }
  }
  for (const { level, n, width } of tilesBetween(0, head.size)) {
    if (level === 0) continue;
    const tile = await mirrorTiles(dir)({ level, n, width }).catch(() => undefined);
    const where = { rowId: `${level}/${n}` };
    if (tile === undefined) findings.add('mirror-file-missing', `tile ${level}/${n} is missing`, where);
    else if (!Buffer.concat(nodes[level]!.slice(n * TILE_WIDTH, n * TILE_WIDTH + width)).equals(tile)) {
      findings.add('tile-edited', `tile ${level}/${n} is not what the entries hash to`, where);
    }
  }
  if (!tree.root().equals(head.root))
    findings.add('checkpoint-root', 'the entries do not hash to the signed root', { entry: head.size });
  return verdict(head.size, head.root.toString('base64'));
}

/** The leaf hashes of a bundle; undefined for an entry that is not there. */
async function leavesOf(dir: string, n: number, width: number, findings: Findings): Promise<(Buffer | undefined)[]> {
  let entries: Buffer[];
  try {
    entries = decodeBundle(await readMirrorBundle(dir, n, width)).slice(0, width);
    if (entries.length < width) throw new RangeError('too few entries');
  } catch {
    findings.add('mirror-file-missing', `the bundle of entry ${n * TILE_WIDTH} is missing or cut`, {
      entry: n * TILE_WIDTH,
    });
    return [];
  }
  return entries.map((entry, i) => {
    try {
      decodeEntry(entry);
    } catch {
      const idx = n * TILE_WIDTH + i;
      findings.add('entry-unreadable', `entry ${idx} is not an entry of a layout that this version knows`, {
        entry: idx,
      });
    }
    return leafHash(entry);
  });
}
