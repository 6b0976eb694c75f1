import { describe, expect, test } from 'vitest';
import { load } from '../load.ts';
import type { Decision, Facts, Request } from '../model/request.ts';
import { SHOP } from '../testing/shop.ts';
import { decide } from './decide.ts';

/** The shop's policy with rules added at its end. */
function ask(request: Request, more = ''): Decision {
  const { tables, diagnostics } = load(`${SHOP}\n${more}`, { file: 'shop.md' });
  if (tables === undefined) throw new Error(JSON.stringify(diagnostics));
  return decide(tables, request);
}

const staff = { kind: 'staff' } as const;
const person = { kind: 'person' } as const;
const mailer = { kind: 'function', function: 'mailer' } as const;
const codes = (decision: Decision): readonly string[] =>
  decision.permit ? ['permit'] : decision.findings.map(({ code }) => code);

const use = (data: string, purpose: string, facts: Facts = {}, more: Partial<Request> = {}): Request => ({
  action: 'use',
  actor: staff,
  data: [data],
  purpose,
  facts,
  ...more,
});

describe('use', () => {
  test('staff see masked unless the rule shows', () => {
    expect(ask(use('email', 'service'))).toEqual({
      permit: true,
      clauses: ['s-account'],
      duties: [{ kind: 'mask', data: ['email'] }, { kind: 'log' }],
      basis: 'contract',
    });
    expect(ask(use('fax', 'service', { reason: true }))).toMatchObject({
      duties: [{ kind: 'show_clear', data: ['fax'] }, { kind: 'log' }],
    });
  });

  test('a function sees in clear, and must be listed', () => {
    expect(ask(use('email', 'service', {}, { actor: mailer }))).toMatchObject({
      permit: true,
      duties: [{ kind: 'show_clear' }, { kind: 'log' }],
    });
    expect(codes(ask(use('email', 'service', {}, { actor: { kind: 'function', function: 'page_counter' } })))).toEqual([
      'no_rule',
    ]);
    expect(codes(ask(use('email', 'service', {}, { actor: { kind: 'function', function: 'spy' } })))).toContain(
      'undeclared_function',
    );
    expect(codes(ask(use('email', 'service', {}, { actor: { kind: 'function' } })))).toContain('undeclared_function');
  });

  test('a need that is not met is named, with its clause', () => {
    expect(ask(use('fax', 'service'))).toEqual({
      permit: false,
      code: 'needs_reason',
      clauses: ['s-more'],
      findings: [{ code: 'needs_reason', data: 'fax', clause: 's-more', needs: 'reason' }],
    });
  });

  test('another purpose is refused on the clauses that give it for theirs', () => {
    const decision = ask(use('email', 'measuring'));
    expect(decision).toMatchObject({ permit: false, code: 'purpose_not_granted' });
    expect(decision.clauses).toEqual(expect.arrayContaining(['s-account', 's-ask', 's-offers']));
    expect(codes(ask(use('email', 'curiosity')))).toEqual(['undeclared_purpose']);
    expect(ask(use('email', 'curiosity')).clauses).toContain('s-account');
  });

  test('no purpose is no purpose', () => {
    expect(codes(ask({ action: 'use', actor: staff, data: ['email'] }))).toContain('purpose_not_granted');
  });

  test('a person may object to a purpose, or to the group that it is in', () => {
    const offer = (objections: string[]): Request => use('email', 'marketing', { objections }, { actor: mailer });
    expect(codes(ask(offer([])))).toEqual(['permit']);
    expect(codes(ask(offer(['service'])))).toEqual(['permit']);
    expect(ask(offer(['marketing']))).toMatchObject({ code: 'objected', clauses: ['s-offers'] });
    expect(ask({ ...offer(['marketing']), purpose: 'partner_marketing' })).toMatchObject({ code: 'objected' });
    expect(ask(offer(['partner_marketing']))).toMatchObject({ code: 'objected' });
  });

  test('a rule of one service does not reach what was given in another', () => {
    const more =
      'Notes are read. {#s-n}\n\n```rule\nuse: {data: fax, for: answering, basis: not_stated, by: staff, service: question}\n```\n';
    expect(codes(ask(use('fax', 'answering', {}, { service: 'question' }), more))).toEqual(['permit']);
    const elsewhere = ask(use('fax', 'answering', {}, { service: 'registration' }), more);
    expect(elsewhere).toMatchObject({
      findings: [
        { code: 'purpose_not_granted', clause: 's-more' },
        { code: 'not_of_service', clause: 's-n', service: 'registration' },
      ],
    });
    expect(codes(ask(use('fax', 'answering'), more))).toEqual(codes(elsewhere));
  });

  test('every field must pass, and every one that does not is found', () => {
    const decision = ask({
      action: 'use',
      actor: staff,
      data: ['email', 'password', 'shoe', 'fax'],
      purpose: 'service',
    });
    expect(decision).toMatchObject({
      findings: [
        { code: 'forbidden', data: 'password', clause: 's-password' },
        { code: 'no_rule', data: 'password', clause: 's-more' },
        { code: 'undeclared_data', data: 'shoe' },
        { code: 'needs_reason', data: 'fax', clause: 's-more' },
      ],
    });
  });

  test('asking for nothing gives nothing, on the clause of the default', () => {
    expect(ask({ action: 'use', actor: staff, data: [], purpose: 'service' })).toEqual({
      permit: false,
      code: 'no_rule',
      clauses: ['s-private'],
      findings: [{ code: 'no_rule' }],
    });
  });

  test('names that every object has are nothing special', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(codes(ask(use(name, 'service')))).toEqual(['undeclared_data']);
      expect(codes(ask(use('email', name)))).toEqual(['undeclared_purpose']);
    }
  });
});

describe('share and disclose', () => {
  const share = (facts: Facts, more: Partial<Request> = {}): Request => ({
    action: 'share',
    actor: staff,
    data: ['email'],
    purpose: 'partner_marketing',
    recipient: 'partners',
    facts,
    ...more,
  });

  test('a consent opens what it was given for, and no more', () => {
    expect(codes(ask(share({ consents: [{ purpose: 'partner_marketing', recipient: 'partners' }] })))).toEqual([
      'permit',
    ]);
    expect(codes(ask(share({ consents: [{ purpose: 'marketing', recipient: 'outside' }] })))).toEqual(['permit']);
    for (const consents of [
      [],
      [{ purpose: 'partner_marketing' }],
      [{ purpose: 'partner_marketing', recipient: 'courts' }],
      [{ purpose: 'service', recipient: 'partners' }],
    ]) {
      expect(ask(share({ consents }))).toMatchObject({
        code: 'no_consent',
        clauses: ['s-partners'],
        findings: [{ purpose: 'partner_marketing', recipient: 'partners' }],
      });
    }
  });

  test('a prohibition beats grants, but for those of the clauses that it excepts', () => {
    const court: Request = { action: 'disclose', actor: staff, data: ['name'], purpose: 'legal', recipient: 'courts' };
    expect(codes(ask(court))).toEqual(['needs_reference', 'needs_officer']);
    expect(ask({ ...court, facts: { reference: true, officer: true } })).toEqual({
      permit: true,
      clauses: ['s-law'],
      duties: [{ kind: 'log' }, { kind: 'one_release', clause: 's-law' }],
      basis: 'legal',
    });
    const grant =
      'Courts may have it for offers. {#s-x}\n\n```rule\ndisclose: {data: [name, note], to: courts, for: marketing, ground: fun}\n```\n';
    const source = SHOP.replace('to: outside, unless', 'to: courts, for: marketing, unless');
    const { document } = load(`${source}\n${grant}`, { file: 'shop.md' });
    expect(document?.clauses.at(-1)?.id).toBe('s-x');
    expect(
      codes(ask({ ...court, data: ['note'], purpose: 'marketing' }, grant.replace('[name, note]', 'note'))),
    ).toEqual(['permit']);
  });

  test('what is forbidden of a part is forbidden of the whole', () => {
    const law = { reference: true, officer: true };
    const court = (data: string): Request => ({
      action: 'disclose',
      actor: staff,
      data: [data],
      purpose: 'legal',
      recipient: 'courts',
      facts: law,
    });
    const more = 'No fax goes out. {#s-nofax}\n\n```rule\nforbid: {actions: disclose, data: fax}\n```\n';
    expect(codes(ask(court('contact')))).toEqual(['permit']);
    expect(codes(ask(court('name'), more))).toEqual(['permit']);
    expect(ask(court('contact'), more)).toMatchObject({ code: 'forbidden', clauses: ['s-nofax'] });
  });

  test('without a recipient nothing leaves', () => {
    expect(ask(share({}, { recipient: undefined }))).toMatchObject({
      permit: false,
      clauses: expect.arrayContaining(['s-private']),
    });
    expect(codes(ask(share({}, { recipient: 'press' })))).toContain('undeclared_recipient');
  });

  test('to a group goes only what goes to all of it', () => {
    expect(
      ask(share({ consents: [{ purpose: 'marketing', recipient: 'outside' }] }, { recipient: 'outside' })).permit,
    ).toBe(false);
  });
});

describe('collect', () => {
  const fields = ['name', 'email', 'fax', 'password'];
  const register = (facts: Facts = {}, more: Partial<Request> = {}): Request => ({
    action: 'collect',
    actor: person,
    service: 'registration',
    data: fields,
    facts: { acknowledged: true, ...facts },
    ...more,
  });

  test('a whole form is taken, on the clause of each field', () => {
    expect(ask(register())).toEqual({
      permit: true,
      clauses: ['s-account', 's-more'],
      duties: [{ kind: 'acknowledge', clause: 's-caveat' }],
      basis: 'contract',
    });
  });

  test('each missing field is named', () => {
    expect(ask(register({ given: ['fax'] }))).toMatchObject({
      code: 'missing_field',
      findings: [
        { code: 'missing_field', data: 'name', clause: 's-account' },
        { code: 'missing_field', data: 'email', clause: 's-account' },
        { code: 'missing_field', data: 'password', clause: 's-more' },
      ],
    });
  });

  test('"none" is an answer only where the policy takes it', () => {
    expect(codes(ask(register({ given: ['name', 'email', 'password'], none: ['fax'] })))).toEqual(['permit']);
    expect(ask(register({ none: ['name', 'fax'] }))).toMatchObject({
      code: 'none_not_accepted',
      findings: [{ data: 'name', clause: 's-account' }],
    });
    expect(codes(ask(register({ none: ['shoe'] })))).toEqual(['none_not_accepted']);
  });

  test('what the service does not collect is refused by name', () => {
    expect(ask(register({}, { data: [...fields, 'note'] }))).toMatchObject({
      code: 'not_of_service',
      clauses: ['s-ask', 's-account', 's-more'],
      findings: [{ data: 'note', service: 'registration' }],
    });
    expect(codes(ask(register({}, { data: [...fields, 'shoe'] })))).toEqual(['undeclared_data']);
    expect(codes(ask(register({}, { service: 'casino' })))).toContain('undeclared_service');
    expect(codes(ask(register({}, { service: undefined })))).toContain('not_of_service');
  });

  test('what has to be read is read first, by the person', () => {
    expect(ask(register({ acknowledged: false }))).toMatchObject({ code: 'not_acknowledged', clauses: ['s-caveat'] });
    expect(codes(ask(register({ acknowledged: false }, { actor: staff })))).toEqual(['permit']);
  });

  test('nothing is taken over an open channel; one of which nothing is known is not held against anybody', () => {
    expect(ask(register({ secure_channel: false }))).toMatchObject({ code: 'insecure_channel', clauses: ['s-tls'] });
    expect(codes(ask(register({ secure_channel: true })))).toEqual(['permit']);
  });

  test('what comes from a device is brought by a function, never by a form', () => {
    const visit: Request = {
      action: 'collect',
      actor: { kind: 'function', function: 'page_counter' },
      service: 'browsing',
      data: ['pages'],
    };
    expect(codes(ask(visit))).toEqual(['permit']);
    expect(codes(ask({ ...visit, actor: person, facts: { acknowledged: true } }))).toEqual(['no_rule']);
    expect(codes(ask({ ...visit, actor: mailer }))).toEqual(['no_rule']);
  });

  test('a purpose, if it is named, must be one of the rule', () => {
    expect(codes(ask(register({}, { purpose: 'service' })))).toEqual(['permit']);
    expect(codes(ask(register({}, { purpose: 'marketing' })))).toContain('purpose_not_granted');
  });
});

describe('the rights of a person', () => {
  const view: Request = { action: 'view', actor: person, data: ['name', 'email'], facts: { own: true } };

  test('are for the person alone', () => {
    expect(ask(view)).toMatchObject({
      permit: true,
      clauses: ['s-rights'],
      duties: [{ kind: 'prove', proof: ['password'] }],
    });
    expect(codes(ask({ ...view, action: 'correct' }))).toEqual(['permit']);
    expect(ask({ ...view, facts: {} })).toMatchObject({ code: 'not_own', clauses: ['s-rights'] });
    expect(codes(ask({ ...view, actor: staff }))).toEqual(['not_own']);
  });

  test('are those that are offered', () => {
    expect(ask({ ...view, data: ['note'] })).toMatchObject({ code: 'no_rule', clauses: ['s-private'] });
  });
});

describe('publish, count and link', () => {
  const PUBLISH =
    'Questions are shown. {#s-show}\n\n```rule\npublish: {service: question, data: note, warn: true}\n```\n';

  test('a publication needs the warning to be confirmed', () => {
    const publish: Request = { action: 'publish', actor: person, service: 'question', data: ['note'] };
    expect(ask(publish, PUBLISH)).toMatchObject({ code: 'not_acknowledged', clauses: ['s-show'] });
    expect(ask({ ...publish, facts: { acknowledged: true } }, PUBLISH)).toMatchObject({
      duties: [{ kind: 'warn', clause: 's-show' }],
    });
    expect(codes(ask({ ...publish, actor: staff, facts: { acknowledged: true } }, PUBLISH))).toEqual(['no_rule']);
  });

  test('counting names the figure that small groups are held to', () => {
    expect(ask({ action: 'count', actor: staff, data: ['pages'], purpose: 'measuring' })).toMatchObject({
      permit: true,
      duties: [{ kind: 'cell', setting: 'cell_size' }],
    });
  });

  test('linking is forbidden from either side, and never granted', () => {
    const link = (...data: string[]): Decision => ask({ action: 'link', actor: staff, data, purpose: 'measuring' });
    expect(link('visitor_code', 'email')).toMatchObject({ code: 'forbidden', clauses: ['s-visits'] });
    expect(link('email', 'visitor_code')).toMatchObject({ code: 'forbidden' });
    expect(link('email', 'name')).toMatchObject({ code: 'no_rule', clauses: ['s-private'] });
  });
});
