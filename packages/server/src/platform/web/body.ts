import { TrothError } from '../errors.ts';
import type { AppContext } from './frame.ts';

/** What came in with a form or a JSON object: names to texts, each name once. Nothing of it is kept before it is judged. */
export type Fields = Map<string, string>;

/**
 * Reads the body of a form (urlencoded or multipart without files) or a flat JSON object of strings, numbers and booleans.
 * @throws TrothError `bad-body` for anything else; the message names types, never values
 */
export async function readFields(c: AppContext): Promise<Fields> {
  const type = (c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (type === 'application/json') return fromJson(await c.req.text());
  if (type === 'application/x-www-form-urlencoded') return fromPairs(new URLSearchParams(await c.req.text()));
  throw new TrothError(
    'bad-body',
    `expected a form or a JSON object; came ${type === '' ? 'no content type' : 'another content type'}`,
    {
      hint: 'send application/x-www-form-urlencoded or application/json',
    },
  );
}

/** Reads a flat JSON object. */
function fromJson(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new TrothError('bad-body', 'expected a JSON object; came text that is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TrothError('bad-body', 'expected a JSON object of names and texts; came another JSON value');
  }
  return fromObject(value);
}

/** Names in one body at most. No form asks for nearly as many, and each that nobody declared is named in the refusal. */
const MOST_FIELDS = 200;

/** Reads the members of a flat object: numbers as text, `true` as "yes", `false` and absent alike. */
export function fromObject(value: object): Fields {
  const fields: Fields = new Map();
  const entries = Object.entries(value);
  if (entries.length > MOST_FIELDS) throw tooMany();
  for (const [name, entry] of entries) {
    if (typeof entry === 'string') fields.set(name, entry);
    else if (typeof entry === 'number') fields.set(name, String(entry));
    else if (typeof entry === 'boolean') {
      if (entry) fields.set(name, 'yes');
    } else if (entry !== undefined)
      throw new TrothError('bad-body', 'expected texts, numbers and booleans in the JSON object; came a nested value');
  }
  return fields;
}

/** Reads pairs; a name that comes twice is refused rather than guessed at. Control characters but line breaks are refused. */
function fromPairs(pairs: URLSearchParams): Fields {
  const fields: Fields = new Map();
  for (const [name, value] of pairs) {
    if (fields.has(name)) throw new TrothError('bad-body', 'expected each field once; one came twice');
    if (fields.size === MOST_FIELDS) throw tooMany();
    fields.set(name, value.replaceAll('\r\n', '\n'));
  }
  return fields;
}

function tooMany(): TrothError {
  return new TrothError('bad-body', `expected at most ${MOST_FIELDS} fields; came more`);
}
