import type { Report } from '../diagnostics/report.ts';
import type { Controller, Position, Setting } from '../model/document.ts';
import type { Label } from '../model/label.ts';
import { id, label, must, readMapping, type Spec, type Specs, TERM_ID, text } from './specs.ts';
import { type Context, describe, entriesOf, itemsOf, type Origin, readYaml } from './yaml.ts';

/** The front matter as it is written. */
export interface FrontMatter {
  readonly policy: string | undefined;
  readonly title: Label | undefined;
  readonly version: string | undefined;
  readonly date: string | undefined;
  readonly date_means?: Label;
  readonly effective?: string;
  readonly language: string | undefined;
  readonly jurisdiction?: string;
  readonly origin?: string;
  readonly controller: Controller | undefined;
  readonly default_refusal?: string;
  readonly not_promised: readonly Label[];
  readonly settings: Readonly<Record<string, Setting>>;
}

const POLICY_ID = /^[a-z0-9][a-z0-9-]*$/;
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

const SPECS: Specs<FrontMatter> = {
  policy: must(matching(POLICY_ID, 'lower-case letters, digits and hyphens')),
  title: must(label),
  version: must(text),
  date: must(matching(DATE, 'a date such as 2001-04-06')),
  date_means: label,
  effective: matching(DATE, 'a date such as 2001-04-06'),
  language: must(matching(LANGUAGE, 'a language such as en')),
  jurisdiction: text,
  origin: text,
  controller: must(
    mapping<Controller>({
      name: must(text) as Spec<string>,
      site: text,
      email: text,
      post: text,
      privacy_contact: text,
    }),
  ),
  default_refusal: id('clause'),
  not_promised: {
    absent: [],
    need: false,
    read: (context, node) =>
      itemsOf(node)
        .map((item) => label.read(context, item, 'not_promised'))
        .filter((item) => item !== undefined),
  },
  settings: { absent: Object.create(null), need: false, read: readSettings },
};

/** The front matter and where its `default_refusal` stands; undefined if the YAML is broken. */
export function readFrontMatter(
  source: string,
  origin: Origin,
  report: Report,
): { matter: FrontMatter; defaultRefusalAt: Position | undefined } | undefined {
  const yaml = readYaml(source, origin, report);
  if (yaml === undefined) return undefined;
  const matter = readMapping(SPECS, yaml.context, yaml.root, 'the keys of the front matter');
  return matter && { matter, defaultRefusalAt: yaml.context.mentions[0] };
}

function matching(pattern: RegExp, expected: string): Spec<string | undefined> {
  return {
    absent: undefined,
    need: false,
    read(context, node, key) {
      const found = text.read(context, node, key);
      if (found === undefined || pattern.test(found)) return found;
      context.report.add('unknown_value', context.at(node), { expected, found });
      return undefined;
    },
  };
}

function mapping<T>(specs: Specs<T>): Spec<T | undefined> {
  return {
    absent: undefined,
    need: false,
    read: (context, node, key) => readMapping(specs, context, node, `the keys of "${key}"`),
  };
}

const value: Spec<string | number | boolean> = {
  absent: '',
  need: true,
  read(context, node) {
    const found = (node as { value?: unknown } | null)?.value;
    if (typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean') return found;
    context.report.add('wrong_shape', context.at(node), {
      expected: 'text, a number, true or false',
      found: describe(node),
    });
    return undefined;
  },
};

const SETTING: Specs<Omit<Setting, 'id'>> = { value, unit: text, why: label };

function readSettings(
  context: Context,
  node: Parameters<Spec<unknown>['read']>[1],
): Record<string, Setting> | undefined {
  const settings = Object.create(null) as Record<string, Setting>;
  for (const entry of entriesOf(context, node, 'a mapping from names to {value, unit, why}') ?? []) {
    if (!TERM_ID.test(entry.key)) {
      context.report.add('bad_id', context.at(entry.keyNode), { found: entry.key });
      continue;
    }
    const body = readMapping(SETTING, context, entry.value, '{value, unit, why}');
    if (body !== undefined) settings[entry.key] = { id: entry.key, ...body };
  }
  return settings;
}
