/** The door of the gate: whoever wants personal data asks here, and brings the permit to the effect. */
import { admitStaff } from './admit.ts';
import { recordAnswers } from './answer.ts';
import { change } from './change.ts';
import { collect } from './collect.ts';
import type { GateContext } from './context.ts';
import { askGate } from './decide.ts';
import { erase } from './erase.ts';
import { replayErasures } from './replay.ts';
import { readings } from './readings.ts';
import { standingOf } from './standing.ts';
import { use } from './use.ts';
import { countRefusal, sumRefusals } from './witness.ts';

type Bound<Verb> = Verb extends (context: GateContext, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

/** The gate's verbs, bound to one house. */
export interface Gate {
  ask: Bound<typeof askGate>;
  collect: Bound<typeof collect>;
  use: Bound<typeof use>;
  change: Bound<typeof change>;
  answer: Bound<typeof recordAnswers>;
  admitStaff: Bound<typeof admitStaff>;
  erase: Bound<typeof erase>;
  standing: Bound<typeof standingOf>;
  readings: Bound<typeof readings>;
  countRefusal: Bound<typeof countRefusal>;
  sumRefusals: Bound<typeof sumRefusals>;
  replayErasures: Bound<typeof replayErasures>;
}

/** Opens the gate of a house. */
export function openGate(context: GateContext): Gate {
  const bind =
    <Rest extends unknown[], Result>(verb: (context: GateContext, ...rest: Rest) => Result) =>
    (...rest: Rest): Result =>
      verb(context, ...rest);
  return {
    ask: bind(askGate),
    collect: bind(collect),
    use: bind(use),
    change: bind(change),
    answer: bind(recordAnswers),
    admitStaff: bind(admitStaff),
    erase: bind(erase),
    standing: bind(standingOf),
    readings: bind(readings),
    countRefusal: bind(countRefusal),
    sumRefusals: bind(sumRefusals),
    replayErasures: bind(replayErasures),
  };
}

export type { Ask, Permitted } from './decide.ts';
export type { Collection, NewAnswer, NewValue } from './collect.ts';
export type { GateContext, PolicyInForce } from './context.ts';
export type { Grounds } from './evidence.ts';
export type { Held } from './use.ts';
export type { Reading } from './readings.ts';
export type { Standing } from './standing.ts';
export type { Permit } from './permit.ts';
export { Refusal, sayRefusal } from './refusal.ts';
export { entryOf } from './evidence.ts';
export { setting } from './settings.ts';
export type { House } from './house.ts';
export { ERASED_CHANNEL } from './erase.ts';
