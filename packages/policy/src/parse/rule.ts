import { isScalar } from 'yaml';
import type { Node } from 'yaml';
import type { Report } from '../diagnostics/report.ts';
import type { Rule, Verb } from '../model/rules.ts';
import { readMapping, type Specs } from './specs.ts';
import { VERB_NAMES, VERBS } from './verbs.ts';
import { type Context, type Entry, entriesOf, itemsOf, type Origin, readYaml } from './yaml.ts';

/** Reads one rule block: a mapping from verbs to bodies, or a list of such mappings. */
export function readRules(text: string, origin: Origin, clause: string, report: Report): Rule[] {
  const yaml = readYaml(text, origin, report);
  if (yaml === undefined) return [];
  const rules: Rule[] = [];
  for (const item of itemsOf(yaml.root)) {
    for (const entry of entriesOf(yaml.context, item, 'a verb and what it says, such as "use: {...}"') ?? []) {
      const rule = readRule(yaml.context, entry, clause);
      if (rule !== undefined) rules.push(rule);
    }
  }
  return rules;
}

function readRule(context: Context, entry: Entry, clause: string): Rule | undefined {
  const at = context.at(entry.keyNode);
  const verb = VERB_NAMES.find((name) => name === entry.key);
  if (verb === undefined) {
    context.report.add('unknown_verb', at, { expected: VERB_NAMES.join(', '), found: entry.key });
    return undefined;
  }
  const inner: Context = { ...context, mentions: [] };
  const body = verb === 'state' ? readState(inner, entry.value) : readBody(inner, verb, entry.value);
  // The table of verbs is typed key by key, so that the body of a verb has the shape that the model says.
  return body && ({ verb, clause, ...at, body, mentions: inner.mentions } as Rule);
}

function readBody(context: Context, verb: Verb, node: Node | null): object | undefined {
  return readMapping(VERBS[verb] as Specs<object>, context, node, `the keys of "${verb}"`);
}

/** `state: scope` is short for `state: {as: scope}`. */
function readState(context: Context, node: Node | null): object | undefined {
  if (!isScalar(node)) return readBody(context, 'state', node);
  const as = VERBS.state.as.read(context, node, 'state');
  return as && { as };
}
