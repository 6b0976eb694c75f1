import type { Label } from './label.ts';
import type { TermKind } from './terms.ts';
import type {
  ActorKind,
  Basis,
  Channel,
  Forbiddable,
  Need,
  Proof,
  Protection,
  Right,
  Source,
  Statement,
  Telling,
} from './words.ts';

// Bodies keep the keys of the policy text, so that there is one vocabulary. A list that was left out is an empty list.
type Ids = readonly string[];

export interface CollectBody {
  readonly service: Ids;
  readonly data: Ids;
  /** Defaults to the person. */
  readonly from: readonly Source[];
  readonly for: Ids;
  readonly basis?: Basis;
  /** Defaults to `all`. */
  readonly required: 'all' | 'none' | Ids;
  /** Fields where the person may say "none" instead of giving a value. */
  readonly accept_none: Ids;
  /** Functions that may collect without the person typing; when left out, any declared function. */
  readonly functions: Ids;
}

export interface UseBody {
  /** When given, the rule holds for data that were given in one of these services, and no other. */
  readonly service: Ids;
  readonly data: Ids;
  readonly for: Ids;
  readonly basis?: Basis;
  /** When left out: functions if the rule lists any, else staff. A function must be listed. */
  readonly by: readonly ActorKind[];
  readonly functions: Ids;
  /** When left out: masked for staff, clear for everyone else. */
  readonly show?: 'clear' | 'masked';
  readonly needs: readonly Need[];
  readonly object?: 'any_time';
  readonly withdraw?: 'any_time';
}

export interface ShareBody {
  readonly data: Ids;
  readonly to: Ids;
  readonly for: Ids;
  readonly basis?: Basis;
  /** When left out: functions if the rule lists any, else staff. Functions named here without a list: any declared one. */
  readonly by: readonly ActorKind[];
  readonly functions: Ids;
  readonly needs: readonly Need[];
  readonly object?: 'any_time';
  readonly withdraw?: 'any_time';
}

export interface DiscloseBody {
  readonly data: Ids;
  readonly to: Ids;
  readonly for: Ids;
  readonly ground?: string;
  readonly by: readonly ActorKind[];
  readonly functions: Ids;
  readonly needs: readonly Need[];
  /** A permit is good for one release only. */
  readonly one_release: boolean;
}

export interface PublishBody {
  readonly service: Ids;
  readonly data: Ids;
  readonly to: Ids;
  /** When left out, the purpose of a request is not looked at. */
  readonly for: Ids;
  /** When left out: the person. */
  readonly by: readonly ActorKind[];
  readonly functions: Ids;
  /** The person was warned and confirmed (fact `acknowledged`). */
  readonly warn: boolean;
}

/** Every list that is left out means "any". */
export interface ForbidBody {
  readonly actions: readonly Forbiddable[];
  readonly data: Ids;
  readonly for: Ids;
  readonly to: Ids;
  readonly by: readonly ActorKind[];
  /** Only together with one of these data. */
  readonly with: Ids;
  readonly service: Ids;
  readonly from: readonly Source[];
  /** Clauses whose grants this prohibition does not touch. */
  readonly unless: Ids;
}

export interface AskBody {
  readonly consent_to: Ids;
  readonly to: Ids;
  readonly data: Ids;
  readonly service: Ids;
  readonly per?: 'recipient' | 'purpose';
  readonly withdraw?: 'any_time';
  readonly explicit: boolean;
  /** The very words asked. */
  readonly words: Label;
}

export interface TellBody {
  readonly what: Telling;
  /** Places, or ids of services. */
  readonly at: Ids;
  readonly before?: 'submit';
  readonly acknowledge: boolean;
  readonly words?: Label;
}

export interface OfferBody {
  /** When given, the right is offered for what was given in one of these services. */
  readonly service: Ids;
  readonly right: readonly Right[];
  readonly data: Ids;
  readonly proof: readonly Proof[];
  readonly by: 'person';
  readonly when?: 'any_time';
  readonly effect?: 'at_once';
  readonly deadline?: string;
}

export interface ProtectBody {
  readonly data: Ids;
  readonly by: readonly Protection[];
}

export interface CountBody {
  readonly measures: Ids;
  readonly from: Ids;
  readonly for: Ids;
  /** The setting that holds the smallest number of people in a published cell. */
  readonly cell?: string;
  readonly breakdown: Ids;
  readonly by: readonly ActorKind[];
  readonly functions: Ids;
}

export interface AnonymiseBody {
  readonly data: Ids;
  readonly as: Ids;
  readonly cell?: string;
  readonly drill_down?: 'never';
  readonly for: Ids;
  readonly by: readonly ActorKind[];
  readonly functions: Ids;
}

export interface CookieBody {
  readonly name: string;
  readonly class?: string;
  /** `session`, or the setting that holds how long. */
  readonly lasts?: string;
  readonly holds?: string;
  readonly for: Ids;
  readonly needed_for: Ids;
  readonly refusable: boolean;
}

export interface ContactBody {
  readonly service: Ids;
  readonly mailbox?: string;
  readonly post?: string;
  readonly queue?: string;
  readonly reference: boolean;
  readonly follow: boolean;
  readonly account?: 'not_needed' | 'needed';
  readonly deadline?: string;
  readonly channels: readonly Channel[];
}

export interface LeaveBody {
  readonly to: Ids;
  readonly say?: 'own_policy_applies';
  readonly send?: 'nothing';
}

export interface BrowseBody {
  readonly pages: 'public';
  readonly needs: 'nothing';
}

export interface UpdateBody {
  readonly when?: 'any_time';
  readonly keep?: 'all_versions';
  readonly mark?: 'since_last_visit';
  readonly notify?: string;
}

export interface PersonaliseBody {
  readonly data: Ids;
  readonly for: Ids;
  readonly default?: 'neutral';
  /** Functions that may do it; when left out, any declared function. */
  readonly functions: Ids;
}

export interface LayoutBody {
  readonly questions?: number;
  readonly back_to_top: boolean;
}

export interface StateBody {
  readonly as: Statement;
}

/** Every verb and the body that it takes. */
export interface Bodies {
  collect: CollectBody;
  use: UseBody;
  share: ShareBody;
  transfer: ShareBody;
  entrust: ShareBody;
  disclose: DiscloseBody;
  publish: PublishBody;
  forbid: ForbidBody;
  ask: AskBody;
  tell: TellBody;
  offer: OfferBody;
  protect: ProtectBody;
  count: CountBody;
  anonymise: AnonymiseBody;
  cookie: CookieBody;
  contact: ContactBody;
  leave: LeaveBody;
  browse: BrowseBody;
  update: UpdateBody;
  personalise: PersonaliseBody;
  layout: LayoutBody;
  state: StateBody;
}

export type Verb = keyof Bodies;

/** A term, clause or setting that a rule names, and where (1-based), so that `check` can point at it. */
export interface Mention {
  readonly kind: TermKind | 'clause' | 'setting' | 'place';
  readonly id: string;
  readonly key: string;
  readonly line: number;
  readonly column: number;
}

export interface RuleOf<V extends Verb> {
  readonly verb: V;
  /** The clause that the rule keeps. */
  readonly clause: string;
  readonly line: number;
  readonly column: number;
  readonly body: Bodies[V];
  readonly mentions: readonly Mention[];
}

/** A rule of any verb; `rule.verb` tells which body it has. */
export type Rule = { [V in Verb]: RuleOf<V> }[Verb];
