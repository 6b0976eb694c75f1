/** The door of the ledger: entries and digests for the gate, the log itself for the house, verification for everyone. */
export { decodeEntry, encodeEntry } from './entry.ts';
export type { BoundTable, Commitment, EntryFields, EntryKind, RowChange } from './entry.ts';
export {
  consentDigest,
  openingDigest,
  personDigest,
  policyVersionDigest,
  recordDigest,
  subjectCommitment,
} from './digest.ts';
export { readSealer, type Sealer } from './seal.ts';
export { openLedger } from './ledger.ts';
export type { Ledger, LedgerOptions } from './ledger.ts';
export { readVkey } from './key.ts';
export type { Checkpoint } from './checkpoint.ts';
export { verifyLedger } from './verify.ts';
export type { Verdict, VerifyOptions } from './verify.ts';
export { verifyMirror } from './verify-mirror.ts';
export type { MirrorOptions, MirrorVerdict } from './verify-mirror.ts';
export type { Finding, FindingCode } from './findings.ts';
export { verifyReceipt } from './proof.ts';
export { parseVkey } from './note.ts';
export type { Reconciliation } from './reconcile.ts';
