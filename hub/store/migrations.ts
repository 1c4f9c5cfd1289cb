/** The frozen list of schema steps. A step is never edited after it has left the house; a new one is added below. `station` stands first in
 *  every key, so that a store can be spread by station. Ids and hashes are hex text, what was signed stands as the bytes it came in. */
import { createHash } from 'node:crypto'
import { Fault } from '#protocols/errors.ts'
import type { Database } from './database.ts'

export const steps: readonly string[] = [
  `
  -- From the station's card: who may speak for it, and on which lane.
  create table station (
    station text primary key, name text not null, name_en text not null, code text not null,
    root bytea not null, certificate bytea not null, sign_key bytea not null,
    lane text not null unique, sender_certificate bytea not null, card_hash text not null,
    heard_ms bigint
  );
  -- The receiver's ledger of places (lane/sequence): imported ranges, epochs, fork.
  create table lane (station text not null, lane text not null, ledger jsonb not null, primary key (station, lane));
  create table policy (station text not null, hash text not null, bytes bytea not null, primary key (station, hash));
  -- Written in the transaction that imports the bundle; kept for ever.
  create table bundle (
    station text not null, lane text not null, epoch text not null, seq bigint not null,
    hash text not null, prev_hash text not null, type text not null, entries integer not null, size_bytes bigint not null,
    created_ms bigint not null, imported_ms bigint not null, primary key (station, lane, epoch, seq)
  );

  create table certificate (
    station text not null, hash text not null, subject text not null, kind text not null, bytes bytea not null, primary key (station, hash)
  );
  create index certificate_subject on certificate (station, subject);
  create table granted (
    station text not null, hash text not null, officer text not null, device text not null,
    not_before_ms bigint not null, not_after_ms bigint not null, bytes bytea not null, primary key (station, hash)
  );

  -- The station's log as far as it came here. Only what an author's signature was found good for.
  create table change (
    station text not null, seq bigint not null, id text not null, device text not null, device_seq bigint not null,
    record text not null, type text not null, kind text not null, officer text, via text, granted text,
    header bytea not null, signature bytea not null, slots bytea not null, reasons bytea not null,
    outcome text not null, detail jsonb not null, version text, pressed_ms bigint not null, received_ms bigint not null,
    epoch text not null, bundle_seq bigint not null, primary key (station, seq)
  );
  create unique index change_id on change (station, id);
  create unique index change_device on change (station, device, device_seq);
  create index change_record on change (station, record, seq);
  create index change_version on change (station, version) where version is not null;
  -- Entries whose author's grant or certificate has not arrived yet: whole, to be tried again.
  create table waiting (
    station text not null, id text not null, seq bigint not null, entry bytea not null,
    epoch text not null, bundle_seq bigint not null, since_ms bigint not null, primary key (station, id)
  );

  -- Records as they stand: the fold of the logged outcomes. Never decided again here.
  create table record (
    station text not null, id text not null, type text not null, seq bigint not null, version text not null,
    is_whole boolean not null, created_ms bigint not null, updated_ms bigint not null, doc jsonb not null, primary key (station, id)
  );
  create index record_type on record (station, type, updated_ms);
  create table figure (
    station text not null, type text not null, day text not null, dimension text not null, value text not null, n bigint not null,
    primary key (station, type, day, dimension, value)
  );
  create index figure_day on figure (type, dimension, day);

  -- What was not taken over, whole where it can be kept, with its reason. Nothing is dropped silently.
  create table quarantine (
    station text not null, id text not null, kind text not null, code text not null, detail jsonb not null,
    size_bytes bigint not null, entry bytea, first_ms bigint not null, last_ms bigint not null, n bigint not null,
    primary key (station, id, code)
  );
  create index quarantine_last on quarantine (last_ms);

  create table checkpoint (
    station text not null, epoch text not null, size bigint not null, root text not null, time_ms bigint not null,
    bytes bytea not null, proof bytea not null, state text not null, seen_ms bigint not null, primary key (station, epoch, size, root)
  );
  -- The tree over the changes that are here without a gap, grown from one matched checkpoint to the next.
  create table log_tree (station text primary key, size bigint not null, frontier bytea not null);

  create table operator (
    account text primary key, name text not null, role text not null, pin jsonb not null,
    tries integer not null default 0, locked_until_ms bigint not null default 0, is_disabled boolean not null default false, signed_in_ms bigint
  );
  create table session (token text primary key, account text not null references operator on delete cascade, created_ms bigint not null, seen_ms bigint not null);
  -- Who read what here, and who decided what.
  create table audit (
    n bigint generated always as identity primary key, at_ms bigint not null, account text not null, act text not null,
    station text, record text, detail jsonb not null
  );
  `,
]

const hashOf = (step: string): string => createHash('sha256').update(step).digest('hex')

/** Brings the store to this program's schema. Throws Fault 'hub/schema-newer' for a store of a later program and 'hub/schema-unlike' when an
 *  applied step is not the one that stands here. */
export async function migrate(database: Database, nowMs: number): Promise<void> {
  await database.transact(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('outpost-hub-schema'))`)
    await tx.query('create schema if not exists hub')
    await tx.query(
      'create table if not exists migration (step integer primary key, hash text not null, applied_ms bigint not null)',
    )
    const applied = await tx.query<{ step: number; hash: string }>('select step, hash from migration order by step')
    if (applied.length > steps.length)
      throw new Fault('hub/schema-newer', { store: applied.length, program: steps.length })
    for (const [index, step] of steps.entries()) {
      const known = applied[index]
      if (known && known.hash !== hashOf(step)) throw new Fault('hub/schema-unlike', { step: index + 1 })
      if (known) continue
      await tx.query(step)
      await tx.query('insert into migration (step, hash, applied_ms) values ($1, $2, $3)', [
        index + 1,
        hashOf(step),
        nowMs,
      ])
    }
  })
}
