import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { sql, type Kysely } from 'kysely';
import { load, type PolicyDocument } from '@troth/policy';
import { entryOf, type PolicyInForce } from '../gate/index.ts';
import { policyVersionDigest, type Sealer } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import { errorCode, TrothError } from '../platform/errors.ts';
import type { Database } from '../platform/schema.ts';

const MOST_BYTES = 5_000_000;

/** A policy that is fit to run, with its text. */
export interface LoadedPolicy extends PolicyInForce {
  source: string;
}

/**
 * Reads a policy file.
 * @throws TrothError `policy-unreadable`, `policy-invalid` (with file and line of the first problem; `troth check` tells all)
 */
export async function readPolicy(file: string): Promise<LoadedPolicy> {
  let source: string;
  try {
    if ((await stat(file)).size > MOST_BYTES)
      throw new TrothError('policy-unreadable', `expected a policy of at most 5 MB; ${file} is larger`);
    source = await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof TrothError) throw cause;
    throw new TrothError(
      'policy-unreadable',
      `expected a policy file at ${file}; it could not be read (${errorCode(cause)})`,
      {
        hint: 'name one with --policy FILE',
        cause,
      },
    );
  }
  return policyOf(source, file);
}

/** Compiles a policy text. */
export function policyOf(source: string, file: string): LoadedPolicy {
  const { document, tables, diagnostics } = load(source, { file });
  if (document === undefined || tables === undefined) {
    const first = diagnostics.find(({ level }) => level === 'error');
    const errors = diagnostics.filter(({ level }) => level === 'error').length;
    throw new TrothError('policy-invalid', first?.message ?? 'the policy does not compile', {
      file,
      ...(first !== undefined && { line: first.line }),
      hint: `${errors} problems in all; see them with ./troth check ${file}`,
    });
  }
  return { document, tables, source, hash: createHash('sha256').update(source).digest() };
}

/**
 * Publishes a policy: the first start with a text makes it a version that stays. The same version number with another text is
 * refused, since a published promise is not edited.
 * @returns whether it was new
 * @throws TrothError `version-taken`, `policy-of-another`
 */
export async function publish(
  db: Kysely<Database>,
  clock: Clock,
  sealer: Sealer,
  policy: LoadedPolicy,
): Promise<boolean> {
  const { document, hash, source } = policy;
  await assertSamePolicy(db, document.id);
  const known = await db
    .selectFrom('policy_versions')
    .select('hash')
    .where('policy_id', '=', document.id)
    .where('version', '=', document.version)
    .executeTakeFirst();
  if (known !== undefined) {
    if (known.hash.equals(hash)) return false;
    throw new TrothError(
      'version-taken',
      `expected a new version number for a changed text; version ${document.version} of ${document.id} is published with another text`,
      {
        hint: 'raise `version` in the front matter, or start with the published text',
      },
    );
  }
  const published_at = clock.now();
  const row = { policy_id: document.id, version: document.version, hash, source, published_at };
  const body = entryOf({
    kind: 'publish',
    at: published_at,
    request: { action: 'publish_policy', actor: { kind: 'function' }, data: [] },
    clauses: [],
    policy: hash,
    rows: [{ table: 'policy_versions', op: 'put', after: policyVersionDigest(row) }],
  });
  await sql`with entry as (
      insert into ledger_entries (body, seal) values (${body}::bytea, ${sealer.seal(body)}::bytea) returning id
    )
    insert into policy_versions (policy_id, version, hash, source, published_at, entry_id)
    select ${row.policy_id}, ${row.version}, ${hash}::bytea, ${source}, ${published_at}::timestamptz, id from entry`.execute(
    db,
  );
  return true;
}

/** A house lives by versions of one policy: another company's would leave everybody without their rights. */
async function assertSamePolicy(db: Kysely<Database>, id: string): Promise<void> {
  const other = await db
    .selectFrom('policy_versions')
    .select('policy_id')
    .where('policy_id', '!=', id)
    .executeTakeFirst();
  if (other === undefined) return;
  throw new TrothError(
    'policy-of-another',
    `expected a version of the policy ${other.policy_id}, by which this house lives; came ${id}`,
    {
      hint: 'give another --data directory to another policy',
    },
  );
}

/** A version as it stands in the list. */
export interface PublishedVersion {
  version: string;
  publishedAt: Date;
  hash: string;
}

/** Every version of a policy, newest first. */
export async function versionsOf(db: Kysely<Database>, policyId: string): Promise<PublishedVersion[]> {
  const rows = await db
    .selectFrom('policy_versions')
    .select(['version', 'published_at', 'hash'])
    .where('policy_id', '=', policyId)
    .orderBy('published_at', 'desc')
    .orderBy('entry_id', 'desc')
    .execute();
  return rows.map((row) => ({ version: row.version, publishedAt: row.published_at, hash: row.hash.toString('hex') }));
}

/** The document of one version, as it was published. */
export async function versionOf(
  db: Kysely<Database>,
  policyId: string,
  version: string,
): Promise<PolicyDocument | undefined> {
  // PostgreSQL keeps no NUL in a text, so no version is called that; asked for, it would fail the query.
  if (version.includes('\0')) return undefined;
  const row = await db
    .selectFrom('policy_versions')
    .select(['source'])
    .where('policy_id', '=', policyId)
    .where('version', '=', version)
    .executeTakeFirst();
  return row && load(row.source, { file: `${policyId}@${version}` }).document;
}
