// What a careful reader of Made-in-China.com's policy would expect to be allowed and refused.
import type { Facts, Request } from '@troth/policy';
import type { Case } from '../case.ts';

const COMPANY = [
  'company_name',
  'company_location',
  'company_phone',
  'company_fax',
  'company_web_address',
  'company_description',
  'company_type',
  'company_turnover',
  'company_employee_count',
] as const;
const REGISTRATION = ['name', 'email_address', ...COMPANY, 'password'];

const staff = { kind: 'staff' } as const;
const person = { kind: 'person' } as const;
const fn = (name: string) => ({ kind: 'function', function: name }) as const;
const permission = (recipient: string): Facts => ({ consents: [{ purpose: 'partner_marketing', recipient }] });

const register = (facts: Facts, data: readonly string[] = REGISTRATION): Request => ({
  action: 'collect',
  actor: person,
  service: 'registration',
  data,
  facts: { acknowledged: true, ...facts },
});
const read = (data: string, purpose: string, facts: Facts = {}, service?: string): Request => ({
  action: 'use',
  actor: staff,
  data: [data],
  purpose,
  facts,
  ...(service !== undefined && { service }),
});
const run = (name: string, data: readonly string[], purpose: string, facts: Facts = {}): Request => ({
  action: 'use',
  actor: fn(name),
  data,
  purpose,
  facts,
});
const release = (
  action: 'share' | 'disclose',
  data: readonly string[],
  recipient: string | undefined,
  purpose: string,
  facts: Facts = {},
): Request => ({ action, actor: staff, data, purpose, facts, ...(recipient !== undefined && { recipient }) });
const full: Facts = { officer: true, necessity: true, reason: true, reference: true };
const without = (fact: keyof Facts): Facts => ({ ...full, [fact]: false });

const collecting: readonly Case[] = [
  {
    says: 'a full registration is taken',
    request: register({}),
    answer: { permit: true, clauses: ['mic-11', 'mic-12', 'mic-34'] },
  },
  {
    says: 'a registration without an e-mail address is refused by that name',
    request: register({ given: REGISTRATION.filter((field) => field !== 'email_address') }),
    answer: { permit: false, code: 'missing_field', clauses: ['mic-11'], fields: ['email_address'] },
  },
  ...COMPANY.map((missing): Case => ({
    says: `a registration without ${missing} is refused by that name`,
    request: register({ given: REGISTRATION.filter((field) => field !== missing) }),
    answer: { permit: false, code: 'missing_field', clauses: ['mic-12'], fields: [missing] },
  })),
  {
    says: 'a firm may say that it has neither fax nor web site',
    request: register({ none: ['company_fax', 'company_web_address'] }),
    answer: { permit: true, clauses: ['mic-12'] },
  },
  {
    says: 'a firm may not say that it has no phone',
    request: register({ none: ['company_phone'] }),
    answer: { permit: false, code: 'none_not_accepted', clauses: ['mic-12'], fields: ['company_phone'] },
  },
  {
    says: 'a birthday is nothing that registration takes',
    request: register({}, [...REGISTRATION, 'birthday']),
    answer: { permit: false, code: 'undeclared_data', clauses: [], fields: ['birthday'] },
  },
  {
    says: 'a trade post is no part of registration',
    request: register({}, [...REGISTRATION, 'trade_posting']),
    answer: { permit: false, code: 'not_of_service', clauses: ['mic-37'], fields: ['trade_posting'] },
  },
  {
    says: 'the risk has to be acknowledged first',
    request: register({ acknowledged: false }),
    answer: { permit: false, code: 'not_acknowledged', clauses: ['mic-33'] },
  },
  {
    says: 'nothing personal is taken over an open channel',
    request: register({ secure_channel: false }),
    answer: { permit: false, code: 'insecure_channel', clauses: ['mic-30'] },
  },
  {
    says: 'browsing takes no name',
    request: { action: 'collect', actor: person, service: 'browsing', data: ['name'], facts: { acknowledged: true } },
    answer: { permit: false, code: 'not_of_service', clauses: ['mic-11'] },
  },
  {
    says: 'browsing leaves traffic data',
    request: {
      action: 'collect',
      actor: fn('traffic_report'),
      service: 'browsing',
      data: ['requested_pages', 'ip_address'],
    },
    answer: { permit: true, clauses: ['mic-15', 'mic-18'] },
  },
  {
    says: 'a question about the policy needs an address to answer to',
    request: {
      action: 'collect',
      actor: person,
      service: 'question',
      data: ['email_address', 'feedback_content'],
      facts: { acknowledged: true, given: ['feedback_content'] },
    },
    answer: { permit: false, code: 'missing_field', clauses: ['mic-39'], fields: ['email_address'] },
  },
];

const using: readonly Case[] = [
  {
    says: 'staff see an address masked, for maintenance and with a reason',
    request: read('email_address', 'administrative_service_maintenance', { reason: true }),
    answer: { permit: true, clauses: ['mic-29'], duties: ['mask', 'log'] },
  },
  {
    says: 'without a reason they do not',
    request: read('email_address', 'administrative_service_maintenance'),
    answer: { permit: false, code: 'needs_reason', clauses: ['mic-29'] },
  },
  {
    says: 'the company details are no Account Information, whatever the reason',
    request: read('company_turnover', 'administrative_service_maintenance', { reason: true }),
    answer: { permit: false, code: 'purpose_not_granted', clauses: ['mic-13', 'mic-14'] },
  },
  {
    says: 'a law opens the account in clear, once it is named',
    request: read('email_address', 'legal_compliance', { reference: true }),
    answer: { permit: true, clauses: ['mic-28'], duties: ['show_clear', 'log'] },
  },
  {
    says: 'a law that is not named opens nothing',
    request: read('email_address', 'legal_compliance', { reason: true }),
    answer: { permit: false, code: 'needs_reference', clauses: ['mic-28'] },
  },
  {
    says: 'staff do not read addresses for marketing',
    request: read('email_address', 'marketing', { reason: true }),
    answer: { permit: false, clauses: ['mic-09'] },
  },
  {
    says: 'selling the list is no purpose at all',
    request: read('email_address', 'sale_of_list', full),
    answer: { permit: false, code: 'undeclared_purpose', clauses: [] },
  },
  {
    says: 'prospecting is none either',
    request: read('email_address', 'prospecting', full),
    answer: { permit: false, code: 'undeclared_purpose', clauses: [] },
  },
  {
    says: 'running the site is done by functions and not by staff',
    request: read('company_phone', 'site_operation', full),
    answer: { permit: false, clauses: ['mic-14'] },
  },
  {
    says: 'a function of the site reads the profile to run the site',
    request: run('email_verification', ['email_address'], 'site_operation'),
    answer: { permit: true, clauses: ['mic-14'], duties: ['show_clear', 'log'] },
  },
  {
    says: 'a function that nobody declared reads nothing',
    request: run('crm_sync', ['email_address'], 'site_operation'),
    answer: { permit: false, code: 'undeclared_function', clauses: [] },
  },
  {
    says: 'a declared function keeps to its own business',
    request: run('traffic_report', ['email_address'], 'site_operation'),
    answer: { permit: false, clauses: ['mic-14'] },
  },
  {
    says: 'the mailing writes to members about services',
    request: run('mailing', ['email_address'], 'marketing'),
    answer: { permit: true, clauses: ['mic-09'] },
  },
  {
    says: 'until the member objects',
    request: run('mailing', ['email_address'], 'marketing', { objections: ['marketing'] }),
    answer: { permit: false, code: 'objected', clauses: ['mic-09'] },
  },
  {
    says: 'promotions read the class and not the profile',
    request: run('promotion', ['industry', 'company_turnover'], 'promotion_targeting'),
    answer: { permit: false, clauses: [], fields: ['company_turnover'] },
  },
  {
    says: 'sign-in checks the password',
    request: run('sign_in', ['email_address', 'password'], 'account_security'),
    answer: { permit: true, clauses: ['mic-34'] },
  },
  {
    says: 'the account as a whole is name and e-mail address, and holds no password',
    request: read('account_information', 'legal_compliance', { reference: true }),
    answer: { permit: true, clauses: ['mic-28'] },
  },
  {
    says: 'staff see no password, law or no law',
    request: read('password', 'legal_compliance', full),
    answer: { permit: false, code: 'forbidden', clauses: ['mic-36'] },
  },
  {
    says: 'staff read a question, address and all, to answer it',
    request: {
      action: 'use',
      actor: staff,
      service: 'question',
      data: ['email_address', 'feedback_content'],
      purpose: 'complaint_handling',
    },
    answer: { permit: true, clauses: ['mic-39'], duties: ['show_clear'] },
  },
  {
    says: 'the address of a question is read for the answer and for nothing else',
    request: read('email_address', 'administrative_service_maintenance', { reason: true }, 'question'),
    answer: { permit: false, code: 'forbidden', clauses: ['mic-39'] },
  },
  {
    says: 'nor is it written to about services',
    request: { ...run('mailing', ['email_address'], 'marketing'), service: 'question' },
    answer: { permit: false, code: 'forbidden', clauses: ['mic-39'] },
  },
  {
    says: "a member's address is not read to answer questions",
    request: read('email_address', 'complaint_handling', full, 'registration'),
    answer: { permit: false, clauses: ['mic-39'] },
  },
  {
    says: 'traffic data serve marketing and improvement',
    request: run('traffic_report', ['requested_pages'], 'service_improvement'),
    answer: { permit: true, clauses: ['mic-17'] },
  },
  {
    says: 'and do not watch people sign in',
    request: run('traffic_report', ['ip_address'], 'account_security'),
    answer: { permit: false, code: 'purpose_not_granted', clauses: ['mic-17'] },
  },
  {
    says: 'no member is found by an IP address',
    request: {
      action: 'link',
      actor: staff,
      data: ['ip_address', 'email_address'],
      purpose: 'service_improvement',
      facts: full,
    },
    answer: { permit: false, code: 'forbidden', clauses: ['mic-18'] },
  },
  {
    says: 'members are counted',
    request: { action: 'count', actor: staff, data: ['company_type'], purpose: 'membership_statistics' },
    answer: { permit: true, clauses: ['mic-06'] },
  },
  {
    says: 'research shows no small cells',
    request: { action: 'count', actor: staff, data: ['industry', 'server_log'], purpose: 'demographic_research' },
    answer: { permit: true, clauses: ['mic-23'], duties: ['cell'] },
  },
  {
    says: 'research is no reason to read one member',
    request: read('company_turnover', 'demographic_research', full),
    answer: { permit: false, clauses: ['mic-13', 'mic-14'] },
  },
];

const releasing: readonly Case[] = [
  {
    says: 'a sponsor gets a profile with permission',
    request: release(
      'share',
      ['company_name', 'email_address'],
      'sponsors',
      'partner_marketing',
      permission('sponsors'),
    ),
    answer: { permit: true, clauses: ['mic-27'] },
  },
  {
    says: 'and not without',
    request: release('share', ['company_name', 'email_address'], 'sponsors', 'partner_marketing'),
    answer: { permit: false, code: 'no_consent', clauses: ['mic-27', 'mic-26'] },
  },
  {
    says: 'permission for partners is none for sponsors',
    request: release('share', ['company_name'], 'sponsors', 'partner_marketing', permission('business_partners')),
    answer: { permit: false, code: 'no_consent', clauses: ['mic-27', 'mic-26'] },
  },
  {
    says: 'permission is for marketing; a credit check is another thing',
    request: release('share', ['company_turnover'], 'sponsors', 'credit_check', permission('sponsors')),
    answer: { permit: false, code: 'undeclared_purpose', clauses: [] },
  },
  {
    says: 'improving the service is another thing too',
    request: release('disclose', ['email_address'], 'business_partners', 'service_improvement', {
      ...full,
      ...permission('business_partners'),
    }),
    answer: { permit: false, clauses: ['mic-27'] },
  },
  {
    says: 'permission for partners opens nothing for advertisers',
    request: release('share', ['company_name'], 'advertisers', 'partner_marketing', permission('business_partners')),
    answer: { permit: false, clauses: ['mic-20'] },
  },
  {
    says: 'what somebody wrote to us is not part of the permission',
    request: release('share', ['feedback_content'], 'sponsors', 'partner_marketing', permission('sponsors')),
    answer: { permit: false, clauses: ['mic-31'] },
  },
  {
    says: 'a password goes nowhere',
    request: release('share', ['password'], 'sponsors', 'partner_marketing', permission('sponsors')),
    answer: { permit: false, code: 'forbidden', clauses: ['mic-36'] },
  },
  {
    says: 'a profile goes to a court on a named process',
    request: release('disclose', ['company_phone'], 'judicial_administrative_authorities', 'legal_compliance', full),
    answer: { permit: true, clauses: ['mic-21.1'], duties: ['one_release'] },
  },
  ...(
    [
      ['legal_compliance', 'mic-21.1', 'judicial_administrative_authorities', 'reference', 'needs_reference'],
      ['rights_property_defense', 'mic-21.2', 'any_third_party', 'reason', 'needs_reason'],
      ['terms_enforcement', 'mic-21.3', 'any_third_party', 'reference', 'needs_reference'],
      ['life_property_protection', 'mic-21.4', 'any_third_party', 'reason', 'needs_reason'],
    ] as const
  ).flatMap(([purpose, clause, recipient, missing, code]): Case[] => [
    {
      says: `${purpose} needs its ${missing}`,
      request: release('disclose', ['company_phone'], recipient, purpose, without(missing)),
      answer: { permit: false, code, clauses: [clause] },
    },
    {
      says: `${purpose} needs a named officer`,
      request: release('disclose', ['company_phone'], recipient, purpose, without('officer')),
      answer: { permit: false, code: 'needs_officer', clauses: [clause] },
    },
    {
      says: `${purpose} needs a written necessity`,
      request: release('disclose', ['company_phone'], recipient, purpose, without('necessity')),
      answer: { permit: false, code: 'needs_necessity', clauses: [clause] },
    },
    {
      says: `${purpose} carries a release when all is there`,
      request: release('disclose', ['company_phone', 'name'], recipient, purpose, full),
      answer: { permit: true, clauses: [clause], duties: ['one_release', 'log'] },
    },
  ]),
  {
    says: 'upkeep discloses account fields to a named recipient',
    request: release('disclose', ['email_address'], 'any_third_party', 'administrative_service_maintenance', {
      reason: true,
    }),
    answer: { permit: true, clauses: ['mic-29'], duties: ['one_release'] },
  },
  {
    says: 'with no recipient there is no disclosure',
    request: release('disclose', ['email_address'], undefined, 'administrative_service_maintenance', { reason: true }),
    answer: { permit: false, clauses: ['mic-29'] },
  },
  {
    says: 'upkeep discloses nothing of the company',
    request: release('disclose', ['company_phone'], 'any_third_party', 'administrative_service_maintenance', full),
    answer: { permit: false, clauses: ['mic-20'] },
  },
  {
    says: 'one company field stops the whole disclosure',
    request: release('disclose', ['email_address', 'company_phone'], 'any_third_party', 'service_improvement', full),
    answer: { permit: false, clauses: ['mic-20'], fields: ['company_phone'] },
  },
  {
    says: 'aggregates go to advertisers',
    request: release('share', ['aggregated_statistics'], 'advertisers', 'marketing'),
    answer: { permit: true, clauses: ['mic-25'] },
  },
  {
    says: 'and to sponsors not',
    request: release('share', ['aggregated_statistics'], 'sponsors', 'marketing'),
    answer: { permit: false, code: 'recipient_not_granted', clauses: ['mic-25'] },
  },
  {
    says: 'advertisers get traffic without codes',
    request: release('share', ['anonymized_information'], 'advertisers', 'marketing'),
    answer: { permit: true, clauses: ['mic-16'] },
  },
  {
    says: 'an address among it stops the export, by name',
    request: release('share', ['anonymized_information', 'email_address'], 'advertisers', 'marketing'),
    answer: { permit: false, clauses: ['mic-20'], fields: ['email_address'] },
  },
  {
    says: 'a trade post is public once its author has confirmed',
    request: {
      action: 'publish',
      actor: person,
      service: 'trade',
      data: ['trade_posting'],
      recipient: 'public',
      facts: { acknowledged: true, own: true },
    },
    answer: { permit: true, clauses: ['mic-37'] },
  },
  {
    says: 'and not before',
    request: {
      action: 'publish',
      actor: person,
      service: 'trade',
      data: ['trade_posting'],
      recipient: 'public',
      facts: { own: true },
    },
    answer: { permit: false, code: 'not_acknowledged', clauses: ['mic-37'] },
  },
  {
    says: 'the profile is not published along with it',
    request: {
      action: 'publish',
      actor: person,
      service: 'trade',
      data: ['trade_posting', 'company_turnover'],
      recipient: 'public',
      facts: { acknowledged: true, own: true },
    },
    answer: { permit: false, clauses: ['mic-22'], fields: ['company_turnover'] },
  },
];

const rights: readonly Case[] = [
  {
    says: 'a member sees their own entries',
    request: { action: 'view', actor: person, data: ['company_phone', 'email_address'], facts: { own: true } },
    answer: { permit: true, clauses: ['mic-13'] },
  },
  {
    says: "and nobody else's",
    request: { action: 'view', actor: person, data: ['company_phone'] },
    answer: { permit: false, code: 'not_own', clauses: ['mic-13'] },
  },
  {
    says: 'a member edits the profile',
    request: { action: 'correct', actor: person, data: ['company_phone'], facts: { own: true } },
    answer: { permit: true, clauses: ['mic-13'] },
  },
  {
    says: 'a member changes the password',
    request: { action: 'correct', actor: person, data: ['password'], facts: { own: true } },
    answer: { permit: true, clauses: ['mic-35'] },
  },
  {
    says: 'staff edit nothing',
    request: { action: 'correct', actor: staff, data: ['company_phone'], facts: full },
    answer: { permit: false, code: 'not_own', clauses: ['mic-13'] },
  },
  {
    says: 'the class that was worked out is not edited by hand',
    request: { action: 'correct', actor: person, data: ['industry'], facts: { own: true } },
    answer: { permit: false, clauses: [] },
  },
];

export const madeInChinaCases: readonly Case[] = [...collecting, ...using, ...releasing, ...rights];
