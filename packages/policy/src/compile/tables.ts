import type { PolicyDocument } from '../model/document.ts';
import type { Action, ActorKind, Basis, Need, Source } from '../model/words.ts';

/** What `forbid` can forbid: every action but the person's own rights. */
export type ForbidAction = Exclude<Action, 'view' | 'correct'>;

/**
 * One rule that lets something happen. A set that is undefined does not limit; sets hold names with everything in them,
 * so that a look-up is enough.
 */
export interface Grant {
  readonly clause: string;
  readonly for: ReadonlySet<string> | undefined;
  readonly to: ReadonlySet<string> | undefined;
  readonly by: ReadonlySet<ActorKind>;
  readonly functions: ReadonlySet<string> | undefined;
  readonly services: ReadonlySet<string> | undefined;
  readonly from: ReadonlySet<Source> | undefined;
  readonly basis: Basis | undefined;
  readonly ground: string | undefined;
  readonly needs: readonly Need[];
  readonly objectable: boolean;
  readonly show: 'clear' | 'masked' | undefined;
  readonly warn: boolean;
  readonly oneRelease: boolean;
  readonly cell: string | undefined;
  readonly proof: readonly string[];
  /** Whether any of `warn`, `oneRelease`, `cell`, `proof` is there. */
  readonly binds: boolean;
}

/** One rule that forbids. An undefined set means "any". */
export interface Forbid {
  readonly clause: string;
  readonly data: ReadonlySet<string> | undefined;
  readonly with: ReadonlySet<string> | undefined;
  readonly for: ReadonlySet<string> | undefined;
  readonly to: ReadonlySet<string> | undefined;
  readonly by: ReadonlySet<ActorKind> | undefined;
  readonly services: ReadonlySet<string> | undefined;
  readonly from: ReadonlySet<Source> | undefined;
  readonly unless: ReadonlySet<string>;
}

/** The grants of one action for one piece of data: the ones that show more first, then the more specific, then as written. */
export interface GrantList {
  readonly all: readonly Grant[];
  readonly byPurpose: ReadonlyMap<string, readonly Grant[]>;
}

/** Everything that is known about one piece of data. */
export interface DataRow {
  readonly id: string;
  readonly grants: Readonly<Partial<Record<Action, GrantList>>>;
  readonly forbids: Readonly<Partial<Record<ForbidAction, readonly Forbid[]>>>;
  /** Clauses that promise a secured channel for it. */
  readonly tls: readonly string[];
}

/** A field that a service collects from the person. */
export interface FieldRow {
  readonly data: string;
  readonly clause: string;
  readonly required: boolean;
  readonly acceptNone: boolean;
}

export interface ServiceRow {
  readonly id: string;
  readonly fields: ReadonlyMap<string, FieldRow>;
  readonly required: readonly FieldRow[];
  /** Clauses that say what this service collects. */
  readonly clauses: readonly string[];
  /** Clauses that must be acknowledged before the person sends anything. */
  readonly acknowledge: readonly string[];
}

export interface AskRow {
  readonly clause: string;
  readonly purposes: ReadonlySet<string>;
  readonly recipients: ReadonlySet<string>;
}

/** A policy, made ready for decisions. Immutable; plain look-ups, no text is built. */
export interface Tables {
  readonly document: PolicyDocument;
  readonly data: ReadonlyMap<string, DataRow>;
  readonly services: ReadonlyMap<string, ServiceRow>;
  readonly functions: ReadonlySet<string>;
  readonly purposes: ReadonlyMap<string, NameRow>;
  readonly recipients: ReadonlyMap<string, NameRow>;
  readonly asks: readonly AskRow[];
  readonly defaultRefusal: readonly string[];
}

/** A purpose or recipient among its groups. */
export interface NameRow {
  /** Itself and the groups that hold it: a consent to one of these is a consent to it. */
  readonly above: ReadonlySet<string>;
  /** Those, and everything in it: an objection to one of these is an objection to it. */
  readonly related: ReadonlySet<string>;
}
