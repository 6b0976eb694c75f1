import type { Request } from '@troth/policy';
import { ACTIONS, ACTORS } from '../../policy/src/model/words.ts';

/** Why a line is no request. The message names keys and what belongs there, never a value that came. */
export class NoRequest extends Error {}

type Check = (value: unknown, at: string) => void;

const text: Check = (value, at) => {
  if (typeof value !== 'string') throw new NoRequest(`expected a text as ${at}; came ${kind(value)}`);
};
const flag: Check = (value, at) => {
  if (typeof value !== 'boolean') throw new NoRequest(`expected true or false as ${at}; came ${kind(value)}`);
};
const list =
  (each: Check): Check =>
  (value, at) => {
    if (!Array.isArray(value)) throw new NoRequest(`expected a list as ${at}; came ${kind(value)}`);
    value.forEach((one, i) => each(one, `${at}[${i}]`));
  };
const oneOf =
  (words: readonly string[]): Check =>
  (value, at) => {
    if (typeof value !== 'string' || !words.includes(value))
      throw new NoRequest(`expected as ${at} one of ${words.join(', ')}`);
  };
const shape =
  (required: Record<string, Check>, optional: Record<string, Check>): Check =>
  (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new NoRequest(`expected an object as ${at}; came ${kind(value)}`);
    const known = { ...required, ...optional };
    for (const key of Object.keys(required))
      if (!Object.hasOwn(value, key)) throw new NoRequest(`expected ${key} in ${at}; it is missing`);
    for (const [key, part] of Object.entries(value)) {
      if (!Object.hasOwn(known, key))
        throw new NoRequest(`expected in ${at} only ${Object.keys(known).join(', ')}; came another key`);
      known[key]!(part, at === 'the request' ? key : `${at}.${key}`);
    }
  };

const checkRequest = shape(
  { action: oneOf(ACTIONS), actor: shape({ kind: oneOf(ACTORS) }, { function: text }), data: list(text) },
  {
    purpose: text,
    service: text,
    recipient: text,
    facts: shape(
      {},
      {
        consents: list(shape({ purpose: text }, { recipient: text })),
        objections: list(text),
        given: list(text),
        none: list(text),
        acknowledged: flag,
        own: flag,
        reason: flag,
        reference: flag,
        officer: flag,
        necessity: flag,
        secure_channel: flag,
      },
    ),
  },
);

/**
 * Reads one request from a line of JSON. Unknown keys are refused: a fact that is misspelt must not be taken for one that is not so.
 * @throws NoRequest
 */
export function readRequest(line: string): Request {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new NoRequest('expected a JSON object; this is not JSON');
  }
  checkRequest(value, 'the request');
  return value as Request;
}

function kind(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
