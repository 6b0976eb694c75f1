import type { RuleOf } from '../model/rules.ts';
import type { AllGroups, Groups } from '../model/groups.ts';
import type { Forbid, ForbidAction } from './tables.ts';

const ALL: readonly ForbidAction[] = ['collect', 'use', 'share', 'disclose', 'publish', 'count', 'link'];

/** What a prohibition means: names reach down to their members, and up to the groups that hold some of them. */
export function forbidOf(
  rule: RuleOf<'forbid'>,
  groups: AllGroups,
): { actions: readonly ForbidAction[]; forbid: Forbid } {
  const { actions, data, with: others, by, service, from, to, unless } = rule.body;
  const named = actions.filter((action) => action !== 'all');
  return {
    actions: named.length === 0 || actions.includes('all') ? ALL : named,
    forbid: {
      clause: rule.clause,
      data: touched(groups.data, data),
      with: touched(groups.data, others),
      for: touched(groups.purposes, rule.body.for),
      to: touched(groups.recipients, to),
      by: by.length === 0 ? undefined : new Set(by),
      services: service.length === 0 ? undefined : new Set(service),
      from: from.length === 0 ? undefined : new Set(from),
      unless: new Set(unless),
    },
  };
}

function touched(groups: Groups, ids: readonly string[]): ReadonlySet<string> | undefined {
  return ids.length === 0 ? undefined : groups.touch(ids);
}
