import type { GroupedTerm } from './terms.ts';

/** Who is in which group, to any depth. Built once for a kind of terms; safe for groups that contain each other. */
export interface Groups {
  /** The names themselves and everything in them: what a grant that names them means. */
  cover(ids: Iterable<string>): Set<string>;
  /** What `cover` gives, and every group that holds some of it: what a prohibition that names them touches. */
  touch(ids: Iterable<string>): Set<string>;
  /** The name itself and every group that holds it. */
  above(id: string): readonly string[];
  /** What a name means when it comes to single things: what is in it without the groups, or itself. */
  leaves(id: string): readonly string[];
}

/** The three kinds of terms that know groups. */
export interface AllGroups {
  readonly data: Groups;
  readonly purposes: Groups;
  readonly recipients: Groups;
}

export function groupsOf(terms: Readonly<Record<string, GroupedTerm>>): Groups {
  const members = new Map<string, string[]>();
  for (const term of Object.values(terms)) {
    for (const group of term.in) {
      const list = members.get(group);
      if (list === undefined) members.set(group, [term.id]);
      else list.push(term.id);
    }
  }
  const cover = (ids: Iterable<string>): Set<string> => reach(ids, (id) => members.get(id) ?? []);
  const up = (ids: Iterable<string>): Set<string> => reach(ids, (id) => terms[id]?.in ?? []);
  return {
    cover,
    touch: (ids) => up(cover(ids)),
    above: (id) => [...up([id])],
    leaves: (id) => {
      const leaves = [...cover([id])].filter((each) => terms[each]?.group !== true);
      return leaves.length === 0 ? [id] : leaves;
    },
  };
}

/** Everything that can be reached; a queue, not recursion, so that depth costs no stack. */
function reach(start: Iterable<string>, next: (id: string) => readonly string[]): Set<string> {
  const seen = new Set<string>(start);
  for (const id of seen) for (const further of next(id)) seen.add(further);
  return seen;
}
