import type { BoundTable } from './entry.ts';

/** What verification can find. Each says that something is not as the signed log has it. */
export type FindingCode =
  | 'entry-edited'
  | 'entry-moved'
  | 'entry-missing'
  | 'entry-unreadable'
  | 'entry-unsealed'
  | 'entry-beyond-checkpoint'
  | 'tile-edited'
  | 'tile-missing'
  | 'tile-unexpected'
  | 'checkpoint-missing'
  | 'checkpoint-signature'
  | 'checkpoint-root'
  | 'mirror-missing'
  | 'mirror-signature'
  | 'mirror-edited'
  | 'mirror-file-missing'
  | 'rolled-back'
  | 'forked'
  | 'row-edited'
  | 'row-missing'
  | 'row-unbound'
  | 'row-revived'
  | 'row-points-elsewhere'
  | 'row-bound-twice'
  | 'drop-unknown';

export interface Finding {
  code: FindingCode;
  /** A sentence: what was expected, what is there. Ids and the policy's words only. */
  message: string;
  table?: BoundTable | 'ledger_entries' | 'ledger_tiles' | 'ledger_checkpoints';
  /** The row's own id (record_id, consent_id, person_id, policy_id@version, `level/n` of a tile), where the row is still there. */
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
  private readonly unresolved = new Map<number, Finding[]>();

  constructor(most = 1_000) {
    this.most = most;
  }

  /** @param entryId id of an entry whose index is not known yet (see `resolve`) */
  add(code: FindingCode, message: string, where: Omit<Finding, 'code' | 'message'> = {}, entryId?: number): void {
    this.total += 1;
    if (this.full) return;
    const finding: Finding = { code, message, ...where };
    this.kept.push(finding);
    if (entryId !== undefined) this.unresolved.set(entryId, [...(this.unresolved.get(entryId) ?? []), finding]);
  }

  /** Are further ones only counted? */
  get full(): boolean {
    return this.kept.length >= this.most;
  }

  /** Puts the indexes of entries into the findings that know only ids. */
  async resolve(indexes: (ids: number[]) => Promise<{ id: number; idx: number }[]>): Promise<void> {
    if (this.unresolved.size === 0) return;
    for (const { id, idx } of await indexes([...this.unresolved.keys()]))
      for (const finding of this.unresolved.get(id)!) finding.entry = idx;
    this.unresolved.clear();
  }
}
