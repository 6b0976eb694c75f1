// What a careful reader of Haier's statement would expect to be allowed and refused.
import type { Case } from '../case.ts';

const staff = { kind: 'staff' } as const;
const person = { kind: 'person' } as const;
const report = { kind: 'function', function: 'visit_report' } as const;

export const haierCases: readonly Case[] = [
  {
    says: 'anybody may raise a concern without an account',
    request: { action: 'collect', actor: person, service: 'concern', data: ['feedback_content'] },
    answer: { permit: true, clauses: ['haier-15a'] },
  },
  {
    says: 'a concern without words is no concern',
    request: { action: 'collect', actor: person, service: 'concern', data: ['feedback_content'], facts: { given: [] } },
    answer: { permit: false, code: 'missing_field', clauses: ['haier-15a'], fields: ['feedback_content'] },
  },
  {
    says: 'an e-mail address sent with a concern is not taken',
    request: { action: 'collect', actor: person, service: 'concern', data: ['feedback_content', 'email_address'] },
    answer: { permit: false, clauses: ['haier-05'], fields: ['email_address'] },
  },
  {
    says: 'the servers take no e-mail address',
    request: {
      action: 'collect',
      actor: { kind: 'function', function: 'visit_report' },
      service: 'visit',
      data: ['email_address'],
    },
    answer: { permit: false, code: 'forbidden', clauses: ['haier-05'] },
  },
  {
    says: 'a name is on no list, so it is not gathered',
    request: { action: 'collect', actor: person, service: 'concern', data: ['feedback_content', 'name'] },
    answer: { permit: false, code: 'undeclared_data', clauses: [], fields: ['name'] },
  },
  {
    says: 'a concern over an open channel is refused',
    request: {
      action: 'collect',
      actor: person,
      service: 'concern',
      data: ['feedback_content'],
      facts: { secure_channel: false },
    },
    answer: { permit: false, code: 'insecure_channel', clauses: ['haier-13'] },
  },
  {
    says: 'staff read a concern in order to answer it',
    request: {
      action: 'use',
      actor: staff,
      service: 'concern',
      data: ['feedback_content'],
      purpose: 'complaint_handling',
    },
    answer: { permit: true, clauses: ['haier-15a'], duties: ['show_clear', 'log'] },
  },
  {
    says: 'staff read a concern for nothing else',
    request: {
      action: 'use',
      actor: staff,
      service: 'concern',
      data: ['feedback_content'],
      purpose: 'site_improvement',
    },
    answer: { permit: false, code: 'purpose_not_granted', clauses: ['haier-15a'] },
  },
  {
    says: 'marketing is a purpose of nothing here',
    request: { action: 'use', actor: report, data: ['visit_data'], purpose: 'marketing' },
    answer: { permit: false, code: 'undeclared_purpose', clauses: [] },
  },
  {
    says: 'whoever proves a concern to be theirs sees it',
    request: { action: 'view', actor: person, service: 'concern', data: ['feedback_content'], facts: { own: true } },
    answer: { permit: true, clauses: ['haier-02c'] },
  },
  {
    says: 'without proof nobody sees it',
    request: { action: 'view', actor: person, service: 'concern', data: ['feedback_content'] },
    answer: { permit: false, code: 'not_own', clauses: ['haier-02c'] },
  },
  {
    says: 'correction is not promised',
    request: { action: 'correct', actor: person, service: 'concern', data: ['feedback_content'], facts: { own: true } },
    answer: { permit: false, clauses: [] },
  },
  {
    says: 'the domain of a visit is taken down',
    request: { action: 'collect', actor: report, service: 'visit', data: ['domain_name'] },
    answer: { permit: true, clauses: ['haier-04'] },
  },
  {
    says: 'visits are counted to measure use',
    request: { action: 'count', actor: staff, data: ['visit_data', 'domain_name'], purpose: 'usage_measurement' },
    answer: { permit: true, clauses: ['haier-06'] },
  },
  {
    says: 'visits are counted to improve the site',
    request: { action: 'count', actor: staff, data: ['visit_data'], purpose: 'site_improvement' },
    answer: { permit: true, clauses: ['haier-12'] },
  },
  {
    says: 'ways through the site are counted for navigation',
    request: { action: 'count', actor: staff, data: ['navigation_history'], purpose: 'navigation' },
    answer: { permit: true, clauses: ['haier-09'] },
  },
  {
    says: 'concerns are not counted into the visits',
    request: { action: 'count', actor: staff, data: ['feedback_content'], purpose: 'usage_measurement' },
    answer: { permit: false, clauses: [] },
  },
  {
    says: 'staff do not read the row of one visit',
    request: { action: 'use', actor: staff, data: ['navigation_history'], purpose: 'usage_measurement' },
    answer: { permit: false, clauses: ['haier-12'] },
  },
  {
    says: 'the report of the house reads the paths',
    request: { action: 'use', actor: report, data: ['navigation_history'], purpose: 'navigation' },
    answer: { permit: true, clauses: ['haier-12'] },
  },
  {
    says: 'no function but a declared one reads them',
    request: {
      action: 'use',
      actor: { kind: 'function', function: 'lead_scoring' },
      data: ['navigation_history'],
      purpose: 'navigation',
    },
    answer: { permit: false, code: 'undeclared_function', clauses: [] },
  },
  {
    says: 'what the cookie tracked is shared with nobody',
    request: {
      action: 'share',
      actor: staff,
      data: ['navigation_history'],
      purpose: 'site_improvement',
      recipient: 'any_third_party',
    },
    answer: { permit: false, code: 'forbidden', clauses: ['haier-11'] },
  },
  {
    says: 'nor disclosed',
    request: {
      action: 'disclose',
      actor: staff,
      data: ['cookie_identifier'],
      purpose: 'usage_measurement',
      recipient: 'any_third_party',
      facts: { reason: true, reference: true, officer: true, necessity: true },
    },
    answer: { permit: false, code: 'forbidden', clauses: ['haier-11'] },
  },
  {
    says: 'an advertiser is nobody that this statement knows',
    request: {
      action: 'share',
      actor: staff,
      data: ['visit_data'],
      purpose: 'usage_measurement',
      recipient: 'advertisers',
    },
    answer: { permit: false, clauses: [] },
  },
  {
    says: 'cookie and person are never joined',
    request: {
      action: 'link',
      actor: staff,
      data: ['cookie_identifier', 'feedback_content'],
      purpose: 'complaint_handling',
    },
    answer: { permit: false, code: 'forbidden', clauses: ['haier-10'] },
  },
  {
    says: 'not even with a reason',
    request: {
      action: 'link',
      actor: staff,
      data: ['navigation_history', 'feedback_content'],
      purpose: 'usage_measurement',
      facts: { reason: true, officer: true },
    },
    answer: { permit: false, code: 'forbidden', clauses: ['haier-10'] },
  },
  {
    says: 'a concern leaves the house for nobody',
    request: {
      action: 'share',
      actor: staff,
      data: ['feedback_content'],
      purpose: 'complaint_handling',
      recipient: 'any_third_party',
    },
    answer: { permit: false, code: 'no_rule', clauses: ['haier-01'] },
  },
];
