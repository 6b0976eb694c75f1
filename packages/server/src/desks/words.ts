import { rulesOf } from '@troth/policy';
import type { House } from '../gate/house.ts';
import type { Say } from '../platform/web/language.ts';
import type { Cases } from '../platform/schema.ts';

/** What the policy says of when an answer comes. A deadline that it does not promise is not invented (haier-15a). */
export function deadlineWords(house: House, service: string, say: Say): string {
  const rule = rulesOf(house.policy().document, 'contact').find(({ body }) => body.service?.includes(service));
  const deadline = rule?.body.deadline;
  if (deadline === undefined || deadline === 'none_promised') {
    return say('No deadline is promised for the answer.', '政策未承诺答复期限。');
  }
  return say(`Deadline: ${deadline}.`, `期限：${deadline}。`);
}

/** The state of a case in words. */
export function stateWords(state: Cases['state'], say: Say): string {
  switch (state) {
    case 'received':
      return say('received, waiting in the queue', '已收到，等待处理');
    case 'in_work':
      return say('being worked on', '处理中');
    case 'answered':
      return say('answered', '已答复');
    case 'closed':
      return say('closed', '已结束');
  }
}
