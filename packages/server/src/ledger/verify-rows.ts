import { boundRows, type BoundRow } from './bound-rows.ts';
import { BOUND_TABLES, decodeEntry, type BoundTable } from './entry.ts';
import type { Finding, Findings } from './findings.ts';
import type { LiveSet } from './live.ts';
import type { Db } from './store.ts';

/** How many rows each bound table holds. */
export type RowCounts = Record<BoundTable, number>;

/** Holds every row of the bound tables against what the log holds live. */
export async function verifyRows(db: Db, live: LiveSet, findings: Findings): Promise<RowCounts> {
  const counts = Object.fromEntries(BOUND_TABLES.map((table) => [table, 0])) as RowCounts;
  const unknown: BoundRow[] = [];
  for await (const row of boundRows(db)) {
    counts[row.table] += 1;
    const known = live.see(row.digest);
    if (known === undefined) {
      unknown.push(row);
    } else if (known.count < 1) {
      findings.add(
        'row-revived',
        `${told(row)} was dropped from the ledger and is there again`,
        placeOf(row),
        row.entryId,
      );
    } else if (known.count > 1) {
      findings.add(
        'row-bound-twice',
        `${told(row)} was put ${known.count} times; expected once`,
        placeOf(row),
        known.by,
      );
    } else if (row.entryId !== known.by && !known.free) {
      findings.add(
        'row-points-elsewhere',
        `${told(row)} names another entry than the one that put it`,
        placeOf(row),
        known.by,
      );
    }
  }
  await settle(db, live, unknown, findings);
  await findings.resolve(async (ids) => {
    const rows = await db
      .selectFrom('ledger_entries')
      .select(['id', 'idx'])
      .where('id', 'in', ids.map(String))
      .where('idx', 'is not', null)
      .execute();
    return rows.map(({ id, idx }) => ({ id: Number(id), idx: Number(idx) }));
  });
  return counts;
}

/** An unknown row whose entry put a digest that no row has is that row, edited; what is left over is unbound, or gone. */
async function settle(db: Db, live: LiveSet, unknown: readonly BoundRow[], findings: Findings): Promise<void> {
  const lost = new Map<string, { table: BoundTable; by: number; left: number }>();
  for (const { table, count, by, seen } of live.all()) {
    if (count < 0) findings.add('drop-unknown', `an entry drops a row of ${table} that no entry put`, { table });
    if (count < 1 || seen) continue;
    const key = `${table}/${by}`;
    const group = lost.get(key) ?? { table, by, left: 0 };
    group.left += 1;
    lost.set(key, group);
  }
  for (const row of unknown) {
    const group = lost.get(`${row.table}/${row.entryId}`);
    if (group !== undefined && group.left > 0) {
      group.left -= 1;
      findings.add('row-edited', `${told(row)} is not as its entry put it`, placeOf(row), row.entryId);
    } else {
      findings.add('row-unbound', `${told(row)} stands in no entry of the ledger`, placeOf(row), row.entryId);
    }
  }
  for (const { table, by, left } of lost.values()) {
    for (let i = 0; i < left; i += 1) {
      const { message, where } = findings.full ? { message: '', where: {} } : await describeLost(db, table, by);
      findings.add('row-missing', message, where, by);
    }
  }
}

/** The ledger knows a lost row by its digest alone; its entry tells the rest, and the opening whose it was. */
async function describeLost(
  db: Db,
  table: BoundTable,
  id: number,
): Promise<{ message: string; where: Omit<Finding, 'code' | 'message'> }> {
  const entry = await db
    .selectFrom('ledger_entries')
    .leftJoin('ledger_openings', 'ledger_openings.entry_id', 'ledger_entries.id')
    .select(['ledger_entries.idx', 'ledger_entries.body', 'ledger_openings.person_id'])
    .where('ledger_entries.id', '=', String(id))
    .executeTakeFirst();
  const where = { table, ...(entry?.person_id && { personId: entry.person_id }) };
  const which = `a row of ${table} that entry ${entry?.idx ?? '(waiting)'} put is gone`;
  try {
    const { at, service, data } = decodeEntry(entry!.body);
    const field = data.length === 1 ? { field: data[0]! } : {};
    return {
      message: `${which}: ${[service, data.join(', '), at.toISOString()].filter(Boolean).join('; ')}`,
      where: { ...where, ...field },
    };
  } catch {
    return { message: which, where };
  }
}

function told(row: BoundRow): string {
  return `${row.table} row ${row.rowId}${row.field === undefined ? '' : ` (${row.field})`}`;
}

function placeOf({ table, rowId, personId, field }: BoundRow): Omit<Finding, 'code' | 'message'> {
  return { table, rowId, ...(personId && { personId }), ...(field && { field }) };
}
