import type { Finding } from '@troth/policy';
import { explain } from '@troth/policy';
import type { House } from '../gate/house.ts';
import { Refusal } from '../gate/index.ts';
import type { Frame } from '../platform/web/frame.ts';
import { isTrothError } from '../platform/errors.ts';
import { WrongFormat } from './errors.ts';
import type { Complaints } from './pages.ts';

/** Sorts what was wrong with a submission to the fields that it is about, in the reader's words; undefined for other errors. */
export function complaintsOf(house: House, frame: Frame, error: unknown): Complaints | undefined {
  if (error instanceof WrongFormat) {
    return { general: [], fields: new Map(error.problems.map(({ field, problem }) => [field, problem])) };
  }
  if (error instanceof Refusal) {
    const { tables } = house.policy();
    const complaints: Complaints = { general: [], fields: new Map() };
    for (const finding of error.decision.findings) {
      const words = explain(tables, { ...error.decision, findings: [finding] }, frame.language).join(' ');
      const place = placeOf(finding);
      if (place === undefined) complaints.general.push(words);
      else complaints.fields.set(place, words);
    }
    if (complaints.general.length === 0) {
      complaints.general.push(
        frame.say('Some fields need another look; each says what.', '部分内容需要更正，详见各项说明。'),
      );
    }
    return complaints;
  }
  if (isTrothError(error, 'bad-body')) return { general: [error.message], fields: new Map() };
  return undefined;
}

/** Undeclared fields have no place in the form: they are told in general, by name. */
function placeOf(finding: Finding): string | undefined {
  if (finding.code === 'not_acknowledged') return 'acknowledged';
  return finding.code === 'missing_field' || finding.code === 'none_not_accepted' ? finding.data : undefined;
}
