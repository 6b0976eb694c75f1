import type { PolicyDocument } from '../model/document.ts';
import type { Label } from '../model/label.ts';
import { rulesOf } from '../model/queries.ts';
import type { RuleOf } from '../model/rules.ts';
import type { Input, ServiceKind, Term } from '../model/terms.ts';
import type { Telling } from '../model/words.ts';
import { fieldsOf, ownFieldsOf } from './fields.ts';
import { tellsAt } from './tells.ts';

interface Named {
  readonly id: string;
  readonly label: Label;
}

export interface FormField {
  readonly data: string;
  readonly label: Label;
  readonly input: Exclude<Input, 'none'>;
  readonly required: boolean;
  readonly acceptNone: boolean;
  readonly sensitive: boolean;
  readonly purposes: readonly Named[];
  /** The clause to show beside the field. */
  readonly clause: string;
  readonly clauses: readonly string[];
  readonly max: number;
}

/** A consent question: an empty box and these very words. */
export interface FormAsk {
  readonly clause: string;
  readonly purposes: readonly Named[];
  readonly recipients: readonly Named[];
  readonly words: Label;
  readonly explicit: boolean;
  readonly per?: 'recipient' | 'purpose';
}

export interface FormTell {
  readonly clause: string;
  readonly what: Telling;
  readonly words: Label;
  readonly acknowledge: boolean;
  readonly before?: 'submit';
}

/** Everything that a page needs to collect data as the policy says, and nothing else. */
export interface Form {
  readonly service: string;
  readonly kind: ServiceKind;
  readonly label: Label;
  readonly fields: readonly FormField[];
  readonly asks: readonly FormAsk[];
  readonly tells: readonly FormTell[];
}

const MAX: Readonly<Record<Exclude<Input, 'none'>, number>> = {
  text: 200,
  email: 254,
  tel: 40,
  url: 2000,
  textarea: 5000,
  password: 200,
  number: 20,
};

/** The form of a service; undefined if the policy declares no such service. A field without an input is not on it. */
export function formOf(document: PolicyDocument, service: string): Form | undefined {
  const term = document.terms.services[service];
  if (term === undefined) return undefined;
  const collected = term.kind === 'self' ? ownFieldsOf(document, service) : fieldsOf(document, service);
  const fields = collected.flatMap((field): FormField[] => {
    const data = document.terms.data[field.data];
    if (data === undefined || data.input === 'none') return [];
    const { label, input, sensitive, max = MAX[input] } = data;
    const { required, acceptNone, clause, clauses } = field;
    const purposes = named(document.terms.purposes, field.purposes);
    return [{ data: field.data, label, input, required, acceptNone, sensitive, purposes, clause, clauses, max }];
  });
  return {
    service,
    kind: term.kind,
    label: term.label,
    fields,
    asks: rulesOf(document, 'ask')
      .filter((rule) => isAskedAt(rule, service, term.kind))
      .map((rule) => askOf(document, rule)),
    tells: tellsAt(
      document,
      service,
      fields.map((field) => field.data),
    ).map((rule) => tellOf(document, rule)),
  };
}

/** A question without a service is asked where an account is opened. */
function isAskedAt(rule: RuleOf<'ask'>, service: string, kind: ServiceKind): boolean {
  return rule.body.service.length === 0 ? kind === 'account' : rule.body.service.includes(service);
}

function askOf(document: PolicyDocument, { clause, body }: RuleOf<'ask'>): FormAsk {
  return {
    clause,
    purposes: named(document.terms.purposes, body.consent_to),
    recipients: named(document.terms.recipients, body.to),
    words: body.words,
    explicit: body.explicit,
    per: body.per,
  };
}

/** Without words of its own, the clause itself is told. */
function tellOf(document: PolicyDocument, { clause, body }: RuleOf<'tell'>): FormTell {
  const text = document.clauses.find((each) => each.id === clause)?.text ?? '';
  const { what, acknowledge, before, words = { [document.language]: text } } = body;
  return { clause, what, words, acknowledge, before };
}

function named(terms: Readonly<Record<string, Term>>, ids: readonly string[]): Named[] {
  return ids.flatMap((id) => {
    const term = terms[id];
    return term === undefined ? [] : [{ id, label: term.label }];
  });
}
