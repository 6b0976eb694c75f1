import { isMap, isScalar, isSeq } from 'yaml';
import type { Node } from 'yaml';
import type { Label } from '../model/label.ts';
import type { Mention } from '../model/rules.ts';
import { type Context, describe, entriesOf, itemsOf, textOf } from './yaml.ts';

/** How one key of a mapping is read. */
export interface Spec<out T> {
  /** The value, or undefined after reporting what is wrong with it. */
  read(context: Context, node: Node | null, key: string): T | undefined;
  /** The value when the key is left out. */
  readonly absent: T;
  readonly need: boolean;
}

/** A spec for each key of T. */
export type Specs<T> = { readonly [K in keyof T]-?: Spec<T[K]> };

export const TERM_ID = /^[a-z][a-z0-9_]*$/;
export const CLAUSE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

type Ids = readonly string[];

/** The key must be there. */
export function must<T>(spec: Spec<T>): Spec<T> {
  return { ...spec, need: true };
}

/** One of some words, or nothing. */
export function word<const W extends string>(...words: readonly W[]): Spec<W | undefined> {
  return {
    absent: undefined,
    need: false,
    read(context, node) {
      const text = textOf(node);
      const found = words.find((candidate) => candidate === text);
      if (found === undefined) {
        context.report.add('unknown_value', context.at(node), { expected: words.join(' | '), found: describe(node) });
      }
      return found;
    },
  };
}

/** One of some words, with the word that holds when the key is left out. */
export function wordOr<const W extends string>(absent: W, ...words: readonly W[]): Spec<W> {
  return { absent, need: false, read: (context, node, key) => word(...words).read(context, node, key) };
}

/** Any number of some words; `absent` is what holds when the key is left out. */
export function words<const W extends string>(all: readonly W[], absent: readonly W[] = []): Spec<readonly W[]> {
  const one = word(...all);
  return {
    absent,
    need: false,
    read: (context, node, key) => readList(context, node, (item) => one.read(context, item, key)),
  };
}

/** Ids of terms, clauses and the like, which `check` looks up later. */
export function ids(kind: Mention['kind']): Spec<Ids> {
  return {
    absent: [],
    need: false,
    read: (context, node, key) => readList(context, node, (item) => mention(context, item, key, kind)),
  };
}

/** One such id. */
export function id(kind: Mention['kind']): Spec<string | undefined> {
  return { absent: undefined, need: false, read: (context, node, key) => mention(context, node, key, kind) };
}

/** `all`, `none`, or some of the data. */
export const requiredFields: Spec<'all' | 'none' | Ids> = {
  absent: 'all',
  need: false,
  read(context, node, key) {
    const text = textOf(node);
    return text === 'all' || text === 'none' ? text : ids('data').read(context, node, key);
  },
};

/** `session`, or the id of a setting that says how long. */
export const duration: Spec<string | undefined> = {
  absent: undefined,
  need: false,
  read: (context, node, key) => (textOf(node) === 'session' ? 'session' : mention(context, node, key, 'setting')),
};

/** True or false; false when left out. */
export const flag: Spec<boolean> = {
  absent: false,
  need: false,
  read(context, node) {
    if (isScalar(node) && typeof node.value === 'boolean') return node.value;
    context.report.add('wrong_shape', context.at(node), { expected: 'true or false', found: describe(node) });
    return undefined;
  },
};

/** A whole number above zero. */
export const count: Spec<number | undefined> = {
  absent: undefined,
  need: false,
  read(context, node) {
    if (isScalar(node) && Number.isSafeInteger(node.value) && (node.value as number) > 0) return node.value as number;
    context.report.add('wrong_shape', context.at(node), {
      expected: 'a whole number above zero',
      found: describe(node),
    });
    return undefined;
  },
};

/** Text on one or more lines, not empty. */
export const text: Spec<string | undefined> = {
  absent: undefined,
  need: false,
  read(context, node) {
    const found = textOf(node)?.trim();
    if (found !== undefined && found !== '') return found;
    context.report.add('wrong_shape', context.at(node), { expected: 'some text', found: describe(node) });
    return undefined;
  },
};

const LANGUAGE = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;

/** Words for people: text (English), or a mapping from language to text. */
export const label: Spec<Label | undefined> = {
  absent: undefined,
  need: false,
  read(context, node, key) {
    if (!isMap(node)) {
      const english = text.read(context, node, key);
      return english === undefined ? undefined : labelFrom([['en', english]]);
    }
    const pairs: [string, string][] = [];
    for (const entry of entriesOf(context, node, 'a mapping from language to text') ?? []) {
      if (!LANGUAGE.test(entry.key)) {
        context.report.add('unknown_key', context.at(entry.keyNode), {
          expected: 'a language such as en or zh',
          found: entry.key,
        });
        continue;
      }
      const words = text.read(context, entry.value, entry.key);
      if (words !== undefined) pairs.push([entry.key, words]);
    }
    return pairs.length === 0 ? undefined : labelFrom(pairs);
  },
};

/** Reads a mapping by its specs: unknown and missing keys are reported, and what is missing takes its absent value. */
export function readMapping<T>(specs: Specs<T>, context: Context, node: Node | null, expected: string): T | undefined {
  const entries = entriesOf(context, node, expected);
  if (entries === undefined) return undefined;
  const known = specs as Readonly<Record<string, Spec<unknown>>>;
  const result: Record<string, unknown> = {};
  for (const [key, spec] of Object.entries(known)) result[key] = spec.absent;
  const seen = new Set<string>();
  for (const { key, keyNode, value } of entries) {
    const spec = Object.hasOwn(known, key) ? known[key] : undefined;
    if (spec === undefined) {
      context.report.add('unknown_key', context.at(keyNode), { expected: Object.keys(known).join(', '), found: key });
      continue;
    }
    seen.add(key);
    const read = spec.read(context, value, key);
    if (read !== undefined) result[key] = read;
  }
  for (const [key, spec] of Object.entries(known)) {
    if (spec.need && !seen.has(key)) context.report.add('missing_key', context.at(node), { expected: key });
  }
  return result as T;
}

/** A label without a prototype, so that only declared languages are found in it. */
export function labelFrom(pairs: Iterable<readonly [string, string]>): Label {
  const made = Object.create(null) as Record<string, string>;
  for (const [language, words] of pairs) made[language] = words;
  return made;
}

function readList<T>(context: Context, node: Node | null, read: (item: Node | null) => T | undefined): T[] | undefined {
  if (isSeq(node) && node.items.length === 0) {
    context.report.add('empty_list', context.at(node));
    return undefined;
  }
  const result: T[] = [];
  for (const item of itemsOf(node)) {
    const value = read(item);
    if (value !== undefined && !result.includes(value)) result.push(value);
  }
  return result;
}

function mention(context: Context, node: Node | null, key: string, kind: Mention['kind']): string | undefined {
  const found = textOf(node);
  const at = context.at(node);
  if (found === undefined) {
    context.report.add('wrong_shape', at, { expected: 'an id, or a list of ids', found: describe(node) });
    return undefined;
  }
  if (!(kind === 'clause' ? CLAUSE_ID : TERM_ID).test(found)) {
    context.report.add('bad_id', at, { found });
    return undefined;
  }
  context.mentions.push({ kind, id: found, key, line: at.line, column: at.column });
  return found;
}
