export { encodeEntry, decodeEntry } from './entry.ts';
export type { BoundTable, Commitment, EntryFields, EntryKind, RowChange } from './entry.ts';
export { consentDigest, policyVersionDigest, recordDigest, subjectCommitment } from './digest.ts';
