import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The first tables: people, their sealed records and consents, cases, mails, sessions, policy versions, ledger. */
export const firstHouse: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES) await sql.raw(statement).execute(db);
  },
};

const TABLES = [
  `create table people (
    person_id uuid primary key,
    kind text not null check (kind in ('member', 'correspondent', 'staff')),
    consent_epoch integer not null,
    born_at timestamptz(3) not null,
    erased_at timestamptz(3)
  )`,
  `create table records (
    person_id uuid not null,
    record_id uuid not null,
    service text not null,
    field text not null,
    case_id uuid,
    version integer not null,
    clause text not null,
    purposes text[] not null,
    policy bytea not null check (length(policy) = 32),
    collected_at timestamptz(3) not null,
    envelope bytea not null,
    entry_id bigint not null,
    primary key (person_id, record_id)
  )`,
  `create unique index records_one_a_field on records
    (person_id, service, field, coalesce(case_id, '00000000-0000-0000-0000-000000000000'::uuid))`,
  `create table consents (
    person_id uuid not null,
    consent_id uuid not null,
    kind text not null check (kind in ('consent', 'objection', 'acknowledgement')),
    about text not null,
    recipients text[] not null,
    clause text not null,
    policy bytea not null check (length(policy) = 32),
    policy_version text not null,
    words text not null,
    language text not null,
    answer text not null check (answer in ('given', 'refused', 'withdrawn')),
    at timestamptz(3) not null,
    by text not null check (by in ('person', 'staff', 'function')),
    salt bytea not null check (length(salt) = 16),
    entry_id bigint not null,
    primary key (person_id, consent_id)
  )`,
  // Append-only in the database too: an answer is never changed, only followed by another.
  `create function consents_are_append_only() returns trigger language plpgsql as $$
    begin raise exception 'consents are append-only' using errcode = 'restrict_violation'; end $$`,
  `create trigger consents_no_update before update on consents
    for each row execute function consents_are_append_only()`,
  `create table cases (
    person_id uuid not null,
    case_id uuid not null,
    service text not null,
    channel text not null check (channel in ('web', 'post', 'mail')),
    mailbox text not null,
    state text not null check (state in ('received', 'in_work', 'answered', 'closed')),
    opened_at timestamptz(3) not null,
    changed_at timestamptz(3) not null,
    primary key (person_id, case_id)
  )`,
  `create index cases_queue on cases (service, opened_at)`,
  `create table mails (
    person_id uuid not null,
    mail_id uuid not null,
    template text not null,
    queued_at timestamptz(3) not null,
    sent_at timestamptz(3),
    attempts integer not null,
    next_at timestamptz(3) not null,
    primary key (person_id, mail_id)
  )`,
  `create index mails_waiting on mails (next_at) where sent_at is null`,
  `create table sessions (
    person_id uuid not null,
    token_hash bytea not null check (length(token_hash) = 32),
    kind text not null check (kind in ('member', 'staff')),
    created_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    primary key (person_id, token_hash)
  )`,
  `create unique index sessions_by_token on sessions (token_hash)`,
  `create table policy_versions (
    policy_id text not null,
    version text not null,
    hash bytea not null check (length(hash) = 32),
    source text not null,
    published_at timestamptz(3) not null,
    entry_id bigint not null,
    primary key (policy_id, version)
  )`,
  `create table refusal_counts (
    id bigint generated always as identity primary key,
    action text not null,
    service text not null,
    code text not null,
    clauses text[] not null,
    data text[] not null,
    at timestamptz(3) not null
  )`,
  `create table ledger_entries (
    id bigint generated always as identity primary key,
    idx bigint unique,
    body bytea not null
  )`,
  `create index ledger_entries_waiting on ledger_entries (id) where idx is null`,
  `create table ledger_openings (
    person_id uuid not null,
    entry_id bigint not null,
    sealed bytea not null,
    primary key (person_id, entry_id)
  )`,
  `create table ledger_tiles (
    level integer not null,
    n bigint not null,
    data bytea not null,
    primary key (level, n)
  )`,
  `create table ledger_checkpoints (
    size bigint primary key,
    root bytea not null check (length(root) = 32),
    note text not null,
    at timestamptz(3) not null
  )`,
];
