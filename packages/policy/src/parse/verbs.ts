import type { AnonymiseBody, Bodies, CountBody, ShareBody, Verb } from '../model/rules.ts';
import {
  ACTORS,
  BASES,
  CHANNELS,
  FORBIDDABLE,
  NEEDS,
  PROOFS,
  PROTECTIONS,
  RIGHTS,
  SOURCES,
  STATEMENTS,
  TELLINGS,
} from '../model/words.ts';
import {
  count,
  duration,
  flag,
  id,
  ids,
  label,
  must,
  requiredFields,
  type Spec,
  type Specs,
  text,
  word,
  wordOr,
  words,
} from './specs.ts';

const data = ids('data');
const purposes = ids('purposes');
const recipients = ids('recipients');
const services = ids('services');
const functions = ids('functions');
const by = words(ACTORS);
const needs = words(NEEDS);
const basis = word(...BASES);
const anyTime = word('any_time');

const share: Specs<ShareBody> = {
  data: must(data),
  to: must(recipients),
  for: must(purposes),
  basis,
  by,
  functions,
  needs,
  object: anyTime,
  withdraw: anyTime,
};

const aggregate: Pick<Specs<CountBody & AnonymiseBody>, 'for' | 'cell' | 'by' | 'functions'> = {
  for: must(purposes),
  cell: id('setting'),
  by,
  functions,
};

/** Every verb, and how each of its keys is read. A key that is not here is an error. */
export const VERBS: { readonly [V in Verb]: Specs<Bodies[V]> } = {
  collect: {
    service: services,
    data: must(data),
    from: words(SOURCES, ['person']),
    for: must(purposes),
    basis,
    required: requiredFields,
    accept_none: data,
    functions,
  },
  use: {
    service: services,
    data: must(data),
    for: must(purposes),
    basis,
    by,
    functions,
    show: word('clear', 'masked'),
    needs,
    object: anyTime,
    withdraw: anyTime,
  },
  share,
  transfer: share,
  entrust: share,
  disclose: {
    data: must(data),
    to: must(recipients),
    for: must(purposes),
    ground: text,
    by,
    functions,
    needs,
    one_release: flag,
  },
  publish: { service: services, data: must(data), to: recipients, for: purposes, by, functions, warn: flag },
  forbid: {
    actions: words(FORBIDDABLE),
    data,
    for: purposes,
    to: recipients,
    by,
    with: data,
    service: services,
    from: words(SOURCES),
    unless: ids('clause'),
  },
  ask: {
    consent_to: must(purposes),
    to: recipients,
    data,
    service: services,
    per: word('recipient', 'purpose'),
    withdraw: anyTime,
    explicit: flag,
    words: must(label) as Spec<Bodies['ask']['words']>,
  },
  tell: {
    what: must(wordOr('notice', ...TELLINGS)),
    at: must(ids('place')),
    before: word('submit'),
    acknowledge: flag,
    words: label,
  },
  offer: {
    service: services,
    right: must(words(RIGHTS)),
    data,
    proof: words(PROOFS),
    by: wordOr('person', 'person'),
    when: anyTime,
    effect: word('at_once'),
    deadline: text,
  },
  protect: { data: must(data), by: must(words(PROTECTIONS)) },
  count: { measures: ids('measures'), from: data, breakdown: data, ...aggregate },
  anonymise: { data: must(data), as: data, drill_down: word('never'), ...aggregate },
  cookie: {
    name: must(id('cookies')) as Spec<string>,
    class: text,
    lasts: duration,
    holds: text,
    for: purposes,
    needed_for: services,
    refusable: flag,
  },
  contact: {
    service: services,
    mailbox: text,
    post: text,
    queue: text,
    reference: flag,
    follow: flag,
    account: word('not_needed', 'needed'),
    deadline: text,
    channels: words(CHANNELS),
  },
  leave: { to: recipients, say: word('own_policy_applies'), send: word('nothing') },
  browse: { pages: wordOr('public', 'public'), needs: wordOr('nothing', 'nothing') },
  update: { when: anyTime, keep: word('all_versions'), mark: word('since_last_visit'), notify: text },
  personalise: { data: must(data), for: must(purposes), default: word('neutral'), functions },
  layout: { questions: count, back_to_top: flag },
  state: { as: must(wordOr('scope', ...STATEMENTS)) },
};

export const VERB_NAMES = Object.keys(VERBS) as readonly Verb[];
