import type { BoundTable } from './entry.ts';

/** What verification can find. Each says that something is not as the signed log has it. */
export type FindingCode =
  | 'entry-edited' | 'entry-moved' | 'entry-missing' | 'entry-unreadable' | 'entry-beyond-checkpoint'
  | 'tile-edited' | 'tile-missing' | 'tile-unexpected'
  | 'checkpoint-missing' | 'checkpoint-signature' | 'checkpoint-root'
  | 'mirror-missing' | 'mirror-signature' | 'mirror-edited' | 'mirror-file-missing'
  | 'rolled-back' | 'forked'
  | 'row-edited' | 'row-missing' | 'row-unbound' | 'row-revived' | 'row-points-elsewhere' | 'row-bound-twice' | 'drop-unknown';

export interface Finding {
  code: FindingCode;
  /** A sentence: what was expected, what is there. Ids and the policy's words only. */
  message: string;
  table?: BoundTable | 'ledger_entries' | 'ledger_tiles' | 'ledger_checkpoints';
  /** The row's own id (record_id, consent_id, policy_id@version, `level/n` of a tile), where the row is still there. */
  rowId?: string;
  personId?: string;
  field?: string;
  /** Index in the log. */
  entry?: number;
}

/** Collects findings, keeps the first ones and counts the rest. */
export class Findings {
  readonly kept: Finding[] = [];
  total = 0;
  private readonly most: number;

  constructor(most = 1_000) {
    this.most = most;
  }

  add(code: FindingCode, message: string, where: Omit<Finding, 'code' | 'message'> = {}): void {
    this.total += 1;
    if (this.kept.length < this.most) this.kept.push({ code, message, ...where });
  }
}
