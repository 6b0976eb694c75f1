import type { Report } from '../diagnostics/report.ts';
import type { Position } from '../model/document.ts';
import {
  type CookieTerm,
  type DataTerm,
  type FunctionTerm,
  INPUTS,
  MASKS,
  type MeasureTerm,
  type PurposeTerm,
  type RecipientTerm,
  SERVICE_KINDS,
  type ServiceTerm,
  type Term,
  TERM_KINDS,
  type TermKind,
  type Terms,
} from '../model/terms.ts';
import {
  count,
  flag,
  ids,
  label,
  labelFrom,
  must,
  readMapping,
  type Spec,
  type Specs,
  TERM_ID,
  text,
  wordOr,
} from './specs.ts';
import { type Context, entriesOf, type Origin, readYaml } from './yaml.ts';

type Body<T> = Omit<T, 'id' | 'line' | 'column'>;

const common = { label: must(label) as Spec<Term['label']>, dpv: text };
const dataGroup = { group: flag, in: ids('data') };

const SPECS: {
  readonly data: Specs<Body<DataTerm>>;
  readonly purposes: Specs<Body<PurposeTerm>>;
  readonly recipients: Specs<Body<RecipientTerm>>;
  readonly services: Specs<Body<ServiceTerm>>;
  readonly functions: Specs<Body<FunctionTerm>>;
  readonly cookies: Specs<Body<CookieTerm>>;
  readonly measures: Specs<Body<MeasureTerm>>;
} = {
  data: {
    ...common,
    ...dataGroup,
    family: text,
    input: wordOr('none', ...INPUTS),
    sensitive: flag,
    mask: wordOr('all', ...MASKS),
    max: count,
  },
  purposes: { ...common, group: flag, in: ids('purposes') },
  recipients: { ...common, group: flag, in: ids('recipients') },
  services: { ...common, kind: must(wordOr('public', ...SERVICE_KINDS)), mailbox: text },
  functions: common,
  cookies: { ...common, class: text, lasts: text, holds: text },
  measures: common,
};

/** Terms while they are gathered over the document, with the places where they are put into groups. */
export interface TermStore {
  readonly terms: { [K in TermKind]: Record<string, Terms[K][string]> };
  readonly groupings: { kind: TermKind; id: string; group: string; at: Position }[];
}

export function emptyTerms(): TermStore {
  const terms = Object.fromEntries(TERM_KINDS.map((kind) => [kind, Object.create(null)])) as TermStore['terms'];
  return { terms, groupings: [] };
}

/** Reads one terms block into the store. */
export function readTerms(source: string, origin: Origin, store: TermStore, report: Report): void {
  const yaml = readYaml(source, origin, report);
  if (yaml === undefined) return;
  for (const { key, keyNode, value } of entriesOf(yaml.context, yaml.root, `a mapping of ${TERM_KINDS.join(', ')}`) ??
    []) {
    const kind = TERM_KINDS.find((name) => name === key);
    if (kind === undefined) {
      report.add('unknown_key', yaml.context.at(keyNode), { expected: TERM_KINDS.join(', '), found: key });
      continue;
    }
    for (const entry of entriesOf(yaml.context, value, 'a mapping from ids to terms') ?? []) {
      const at = yaml.context.at(entry.keyNode);
      if (!TERM_ID.test(entry.key)) report.add('bad_id', at, { found: entry.key });
      else if (entry.key in store.terms[kind]) report.add('duplicate_term', at, { found: entry.key });
      else readTerm(kind, entry.key, at, yaml.context, entry.value, store);
    }
  }
}

function readTerm(
  kind: TermKind,
  id: string,
  at: Position,
  context: Context,
  node: Parameters<Context['at']>[0],
  store: TermStore,
): void {
  const inner: Context = { ...context, mentions: [] };
  const specs = SPECS[kind] as Specs<Partial<Term>>;
  const body = readMapping(specs, inner, node ?? null, 'the keys of a term, such as "{label: ...}"');
  // A term that could not be read is still declared: its uses are not a second problem.
  const term = { ...(body ?? absent(specs)), id, ...at };
  (store.terms[kind] as Record<string, Term>)[id] = {
    ...term,
    label: term.label ?? labelFrom([['en', id.replaceAll('_', ' ')]]),
  };
  for (const { id: group, line, column } of inner.mentions)
    store.groupings.push({ kind, id, group, at: { line, column } });
}

function absent(specs: Specs<Partial<Term>>): Partial<Term> {
  return Object.fromEntries(Object.entries(specs).map(([key, spec]) => [key, spec.absent]));
}
