import { TrothError } from '../platform/errors.ts';
import { openNote, signNote, type Signer, type Verifier } from './note.ts';

/** A tree head (c2sp.org/tlog-checkpoint): who the log is, how many entries it has, and the root over them. */
export interface TreeHead {
  origin: string;
  size: number;
  root: Buffer;
}

/** A tree head with the signed note that says it. */
export interface Checkpoint extends TreeHead {
  note: string;
}

/** The three lines that a checkpoint signs. */
function checkpointText({ origin, size, root }: TreeHead): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** Signs a tree head; the log's key bears the origin as its name. */
export function signCheckpoint(size: number, root: Buffer, signer: Signer): Checkpoint {
  const head: TreeHead = { origin: signer.name, size, root };
  return { ...head, note: signNote(checkpointText(head), signer) };
}

/** Reads the text of a checkpoint, strictly. Extension lines are allowed by the format and passed over. */
export function parseCheckpointText(text: string): TreeHead {
  const [origin, size, root, ...extensions] = text.split('\n');
  const bytes = Buffer.from(root ?? '', 'base64');
  const fits =
    origin &&
    /^(0|[1-9][0-9]{0,15})$/.test(size ?? '') &&
    Number.isSafeInteger(Number(size)) &&
    bytes.length === 32 &&
    bytes.toString('base64') === root &&
    extensions.pop() === '' &&
    !extensions.includes('');
  if (!fits)
    throw new TrothError(
      'ledger-bad-checkpoint',
      'expected a checkpoint of origin, size and root; came something else',
    );
  return { origin, size: Number(size), root: bytes };
}

/** The tree head of a checkpoint that this key signed under its own name; throws as `openNote`, or `ledger-bad-checkpoint`. */
export function openCheckpoint(note: string, verifier: Verifier): Checkpoint {
  const head = parseCheckpointText(openNote(note, verifier));
  if (head.origin !== verifier.name) {
    throw new TrothError('ledger-bad-checkpoint', `expected a checkpoint of ${verifier.name}; came one of another log`);
  }
  return { ...head, note };
}
