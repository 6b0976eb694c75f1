import type { RefusalCode, Request } from '@troth/policy';

/** One expected decision. Every clause, field and duty that is named must be among those of the decision; the code must be the decision's. */
export interface Case {
  readonly says: string;
  readonly request: Request;
  readonly answer: ExpectedPermit | ExpectedRefusal;
}

interface ExpectedPermit {
  readonly permit: true;
  readonly clauses: readonly string[];
  readonly duties?: readonly string[];
}

interface ExpectedRefusal {
  readonly permit: false;
  readonly clauses: readonly string[];
  readonly code?: RefusalCode;
  readonly fields?: readonly string[];
}
