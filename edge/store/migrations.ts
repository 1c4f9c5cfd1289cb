/** The frozen list of schema steps. A step is never edited after it has left the house; a new one is added below. */
import type { Sqlite } from './open.ts'

const steps: readonly string[] = [
  `
  create table meta (key text primary key, value blob not null) strict;

  -- Every change that could be attributed, admitted or not: the log of the station, one leaf a row.
  create table change_log (
    seq integer primary key, id blob not null unique, device blob not null, device_seq integer not null,
    record text not null, type text not null, kind text not null, officer text,
    header blob not null, signature blob not null, slots blob not null,
    outcome text not null, detail text not null, version text, received_ms integer not null
  ) strict;
  create unique index change_log_device on change_log (device, device_seq);
  create index change_log_record on change_log (record, seq);
  create index change_log_version on change_log (version) where version is not null;
  create index change_log_refused on change_log (seq) where outcome <> 'admitted';
  create table log_leaf (seq integer primary key, leaf blob not null) strict;
  create table checkpoint (size integer primary key, time_ms integer not null, bytes blob not null) strict;

  -- Same device and number, other change: both are kept, the device is frozen.
  create table equivocation (id blob primary key, device blob not null, device_seq integer not null, bytes blob not null, received_ms integer not null) strict;

  create table record (rowid integer primary key, id text not null unique, type text not null, seq integer not null, version text not null, doc text not null) strict;
  create index record_type on record (type, seq);
  create table tok (type text not null, token text not null, record text not null, primary key (type, token, record)) strict, without rowid;
  create table figure (type text not null, day text not null, dimension text not null, value text not null, n integer not null, primary key (type, day, dimension, value)) strict, without rowid;

  -- Who may hold what: each membership names the record that causes it, so that a change of that one can take it back.
  create table member (key text not null, record text not null, cause text not null, type text not null, fields text, primary key (cause, key, record)) strict, without rowid;
  create index member_record on member (record, key);
  create table feed (key text not null, record text not null, type text not null, seq integer not null, primary key (key, record)) strict, without rowid;
  create index feed_seq on feed (key, seq);

  create table outgoing (seq integer primary key) strict;

  create table device_cert (device text primary key, kind text not null, sign_key blob not null, certificate blob not null, frozen integer not null default 0, revoked integer not null default 0) strict;
  create table grant_given (hash blob primary key, account text not null, device text not null, bytes blob not null, not_after_ms integer not null) strict;
  create table pin (account text primary key, value text not null, tries integer not null default 0, locked_until_ms integer not null default 0) strict;
  create table session (token blob primary key, face text not null, device text not null, account text, grant_hash blob, created_ms integer not null, seen_ms integer not null) strict;
  create table ticket (hash blob primary key, face text not null, unit text not null, until_ms integer not null, used integer not null default 0) strict;
  create table ingest_seq (device text primary key, state text not null) strict;
  create table device_secret (device text primary key, kind text not null, value text not null) strict;
  create table file (hash text primary key, size_bytes integer not null, received_ms integer not null) strict;
  create table lane_state (lane text primary key, value text not null) strict;
  -- Kept until expiry or a signed receipt: what was sealed once is never sealed again at the same place.
  create table bundle_sent (rowid integer primary key, lane text not null, epoch text not null, seq integer not null, hash text not null, bytes blob not null, niceness integer not null, offered integer not null default 0, expires_ms integer not null, unique (lane, epoch, seq)) strict;
  create table key_sent (lane text not null, key text not null, primary key (lane, key)) strict, without rowid;
  `,
]

export function migrate(database: Sqlite): void {
  const found = database.pragma('user_version', { simple: true }) as number
  for (let version = found; version < steps.length; version++) {
    database.transaction(() => {
      database.exec(steps[version] as string)
      database.pragma(`user_version = ${version + 1}`)
    })()
  }
}
