/** The vault's public door: keyring, masks, passwords, one-time tokens. The verbs `seal` and `open` are in `door.ts`, for the gate. */
export { keyringFile, openKeyring, type KeyringOptions } from './open.ts';
export type { Credential, Keyring, PersonKind, Token, Tombstone } from './keyring.ts';
export type { PersonKey } from './person-key.ts';
export type { Place } from './place.ts';
export { compareStores, type Unmatched } from './compare.ts';
export { mask, type MaskKind } from './mask.ts';
export { normaliseEmail } from './blind.ts';
export { hashPassword, PASSWORD_MAX_BYTES, verifyPassword } from './password.ts';
export { newToken, tokenHash, type NewToken } from './token.ts';
