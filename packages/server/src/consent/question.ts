/** What tells one consent question of a policy from another: one clause may ask for several recipients apart. */
export interface Question {
  clause: string;
  purposes: readonly string[];
  recipients: readonly string[];
}

/** The name of a question in forms and in the API: `consent:mic-26/partner_marketing/sponsors`. */
export function questionId({ clause, purposes, recipients }: Question): string {
  return `consent:${[clause, ...purposes, ...recipients].join('/')}`;
}

/** One answer a purpose and recipient, so that each can be checked, and withdrawn, by itself. */
export function partsOf({
  purposes,
  recipients,
}: Pick<Question, 'purposes' | 'recipients'>): { about: string; recipients: string[] }[] {
  const each = recipients.length === 0 ? [[]] : recipients.map((recipient) => [recipient]);
  return purposes.flatMap((about) => each.map((to) => ({ about, recipients: to })));
}
