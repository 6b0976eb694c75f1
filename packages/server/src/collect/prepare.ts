import { formOf, label, type Form } from '@troth/policy';
import type { House } from '../gate/house.ts';
import { setting, type NewAnswer, type NewValue, type Permit } from '../gate/index.ts';
import type { Fields } from '../platform/web/body.ts';
import type { Frame } from '../platform/web/frame.ts';
import { UnknownService, WrongFormat } from './errors.ts';
import { formatProblem } from './formats.ts';
import { partsOf } from '../consent/index.ts';
import { askId, sortSubmission } from './submission.ts';

/** A submission that the policy permits, ready for the room that its service belongs to. */
export interface Prepared {
  form: Form;
  permit: Permit;
  values: NewValue[];
  answers: NewAnswer[];
  /** The password, if the form asks for one: for the keyring, never a record. */
  password: string | undefined;
}

/**
 * Judges a submission: declared fields only, all that are required, acknowledgement where the policy wants one.
 * @param by staff enter what came on paper; it may lack fields, and nobody could acknowledge anything
 * @throws Refusal naming every field at fault and its clause; WrongFormat; UnknownService
 */
export async function prepare(
  house: House,
  frame: Frame,
  service: string,
  fields: Fields,
  by: 'person' | 'staff' = 'person',
): Promise<Prepared> {
  const { document } = house.policy();
  const form = formOf(document, service);
  if (form === undefined || form.fields.length === 0) throw new UnknownService();
  const submission = sortSubmission(form, fields);
  const given = [...submission.values.keys()];
  const { permit } = await house.gate.ask({
    request: {
      action: 'collect',
      actor: { kind: by },
      service,
      data: [...(by === 'person' ? form.fields.map((field) => field.data) : given), ...submission.undeclared],
      facts: { given, none: submission.none, acknowledged: submission.acknowledged, secure_channel: frame.secure },
    },
  });
  const shortest = setting(house, 'password_minimum');
  const problems = form.fields.flatMap((field) => {
    const value = submission.values.get(field.data);
    const problem =
      value === undefined || submission.none.includes(field.data)
        ? undefined
        : formatProblem(field, value, frame.say, shortest);
    return problem === undefined ? [] : [{ field: field.data, problem }];
  });
  if (problems.length > 0) throw new WrongFormat(problems);
  const isSecret = (data: string): boolean =>
    form.fields.some((field) => field.data === data && field.input === 'password');
  return {
    form,
    permit,
    password: form.fields
      .filter((field) => field.input === 'password')
      .map((field) => submission.values.get(field.data))[0],
    values: form.fields.flatMap((field): NewValue[] => {
      const value = submission.values.get(field.data);
      if (value === undefined || isSecret(field.data)) return [];
      return [
        { field: field.data, value, clause: field.clause, purposes: field.purposes.map((purpose) => purpose.id) },
      ];
    }),
    answers: answersOf(form, submission.consents, submission.acknowledged, frame.language),
  };
}

/** Answers with the very words that were shown. A box left alone is not recorded as anything: silence is no answer. */
function answersOf(form: Form, ticked: string[], acknowledged: boolean, language: string): NewAnswer[] {
  const consents = form.asks
    .filter((ask) => ticked.includes(askId(ask)))
    .flatMap((ask) =>
      partsOf({ purposes: ask.purposes.map(({ id }) => id), recipients: ask.recipients.map(({ id }) => id) }).map(
        (part): NewAnswer => ({
          kind: 'consent',
          ...part,
          clause: ask.clause,
          words: label(ask.words, language),
          language,
          answer: 'given',
        }),
      ),
    );
  const acknowledgements = form.tells
    .filter((tell) => tell.acknowledge && acknowledged)
    .map((tell): NewAnswer => ({
      kind: 'acknowledgement',
      about: tell.clause,
      recipients: [],
      clause: tell.clause,
      words: label(tell.words, language),
      language,
      answer: 'given',
    }));
  return [...consents, ...acknowledgements];
}
