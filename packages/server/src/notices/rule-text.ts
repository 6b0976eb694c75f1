import type { Rule } from '@troth/policy';

/** A rule as people read it, in the words of the policy text: verb, then what it says; what was left out is left out here too. */
export function ruleText({ verb, body }: Rule): string {
  const lines = Object.entries(body).flatMap(([key, value]: [string, unknown]) => {
    const words = wordsOf(value);
    return words === '' ? [] : [`  ${key}: ${words}`];
  });
  return [`${verb}:`, ...lines].join('\n');
}

function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(', ');
  if (typeof value === 'object' && value !== null) return Object.values(value).map(String).join(' / ');
  return typeof value === 'string' || typeof value === 'number' || value === true ? String(value) : '';
}
