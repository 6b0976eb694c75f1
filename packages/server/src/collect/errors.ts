import { TrothError } from '../platform/errors.ts';

/** The policy has no such service, or none that takes anything from people. */
export class UnknownService extends TrothError {
  constructor() {
    super('unknown-service', 'expected a service of the policy that takes data from people; came another name', {
      hint: 'see / for the services there are',
    });
  }
}

/** Values whose form is wrong; each problem names the field and what was expected, never the value. */
export class WrongFormat extends TrothError {
  readonly problems: { field: string; problem: string }[];
  constructor(problems: { field: string; problem: string }[]) {
    super('wrong-format', `expected other forms of ${problems.map(({ field }) => field).join(', ')}`);
    this.problems = problems;
  }
}
