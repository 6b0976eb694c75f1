import { label, rulesOf, type Label } from '@troth/policy';
import type { House } from '../gate/house.ts';
import type { NewAnswer, Standing } from '../gate/index.ts';
import { partsOf, questionId } from './question.ts';

/** One thing that a person can say yes or no to, with the words they are asked in. */
export interface Choice {
  /** `consent:CLAUSE/PURPOSE/RECIPIENT` or `objection:PURPOSE`. */
  id: string;
  kind: 'consent' | 'objection';
  clause: string;
  purposes: readonly string[];
  recipients: readonly string[];
  words: Label;
  given: boolean;
}

/** Every choice that the policy gives a member, and how each stands. Nothing said means no consent, and no objection. */
export function choicesOf(house: House, standing: Standing): Choice[] {
  const { document } = house.policy();
  const consents = rulesOf(document, 'ask').map(({ body, clause }): Choice => ({
    id: questionId({ clause, purposes: body.consent_to, recipients: body.to }),
    kind: 'consent',
    clause,
    purposes: body.consent_to,
    recipients: body.to,
    words: body.words,
    given: body.consent_to.every((purpose) =>
      body.to.length === 0
        ? standing.consents.some((consent) => consent.purpose === purpose)
        : body.to.every((recipient) =>
            standing.consents.some((consent) => consent.purpose === purpose && consent.recipient === recipient),
          ),
    ),
  }));
  const stoppable = new Map<string, string>();
  // The clause that speaks of one purpose alone says best what is stopped.
  const uses = rulesOf(document, 'use').toSorted((a, b) => a.body.for.length - b.body.for.length);
  for (const { body, clause } of uses) {
    if (body.object === 'any_time')
      for (const purpose of body.for) if (!stoppable.has(purpose)) stoppable.set(purpose, clause);
  }
  const objections = [...stoppable].map(([purpose, clause]): Choice => ({
    id: `objection:${purpose}`,
    kind: 'objection',
    clause,
    purposes: [purpose],
    recipients: [],
    words: objectionWords(house, purpose),
    given: standing.objections.includes(purpose),
  }));
  return [...consents, ...objections];
}

function objectionWords(house: House, purpose: string): Label {
  const term = house.policy().document.terms.purposes[purpose];
  return { en: `Do not use my data for: ${label(term, 'en')}`, zh: `不要将我的数据用于：${label(term, 'zh')}` };
}

/** The answers that a choice becomes. */
export function answersTo(choice: Choice, yes: boolean, language: string): NewAnswer[] {
  const answer = yes ? 'given' : 'withdrawn';
  const words = label(choice.words, language);
  return partsOf(choice).map((part) => ({
    kind: choice.kind,
    ...part,
    clause: choice.clause,
    words,
    language,
    answer,
  }));
}
