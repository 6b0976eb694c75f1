/**
 * The kinds of blind index by which the keyring finds a person: a proved address; the address of a newcomer, and the new address of a
 * member, that nobody has proved yet.
 */
export const INDEX = {
  email: 'email',
  newcomer: 'email_newcomer',
  change: 'email_change',
  staff: 'staff_email',
} as const;

/** What one-time links are for. A link for one is no link for another. */
export const LINK = {
  prove: 'prove_email',
  reset: 'reset_password',
  welcome: 'staff_welcome',
} as const;
