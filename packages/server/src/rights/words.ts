import { label } from '@troth/policy';
import type { House } from '../gate/house.ts';
import type { Reading } from '../gate/index.ts';
import type { Frame } from '../platform/web/frame.ts';

/** Who acted: "you", "an authorised member of staff", or the function by its name in the policy. */
export function actorWords(house: House, { say, language }: Frame, actor: string): string {
  const [kind, name] = actor.split(':', 2);
  if (name !== undefined) return label(house.policy().document.terms.functions[name] ?? name, language);
  if (kind === 'person') return say('you', '您本人');
  if (kind === 'staff') return say('authorised staff', '授权人员');
  return say('the site', '网站');
}

/** What was done, in words. */
export function readingWords({ say }: Frame, reading: Reading): string {
  const because = reading.reason === undefined ? '' : ` — “${reading.reason}”`;
  switch (reading.kind) {
    case 'collect':
      return say('took in', '收集');
    case 'use':
      return `${reading.action === 'view' ? say('looked at', '查看') : say('read', '读取')}${because}`;
    case 'change':
      return say('corrected', '更正');
    case 'consent':
      return say('recorded your answer', '记录您的答复');
    case 'refuse':
      return say(`was refused (${reading.code})`, `被拒绝（${reading.code}）`);
    default:
      return reading.kind;
  }
}
