-- Sealing and verification of the ledger. Genesis is the hash of a fixed word, not a row, so that an empty table is a legal start.

ALTER TABLE ledger_entry ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE FUNCTION ledger_genesis() RETURNS bytea LANGUAGE sql IMMUTABLE AS
$$ SELECT sha256('ledger genesis'::bytea) $$;

CREATE FUNCTION ledger_digest(e ledger_entry) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(convert_to(jsonb_build_array(
    e.id,
    to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    e.subject_type, e.subject_id, e.step, e.before, e.after, e.actor_kind, e.person_id, e.organisation_id,
    e.roles, e.note, e.facts, e.basis, e.policy, e.key, e.xid::text
  )::text, 'UTF8'))
$$;

CREATE FUNCTION ledger_link(previous bytea, root bytea, seal bigint, entries bigint) RETURNS bytea LANGUAGE sql IMMUTABLE AS
$$ SELECT sha256(previous || root || convert_to(seal::text || ':' || entries::text, 'UTF8')) $$;

-- Rows at or past the snapshot's end come from another cluster (a restored dump): nothing of theirs is in flight here.
CREATE FUNCTION ledger_seal() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  last record;
  batch record;
  seal bigint;
  link bytea;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('ledger_seal')) THEN RETURN 0; END IF;
  SELECT s.id, s.hash INTO last FROM ledger_seal s ORDER BY s.id DESC LIMIT 1;
  seal := coalesce(last.id, 0) + 1;
  link := coalesce(last.hash, ledger_genesis());
  CREATE TEMPORARY TABLE sealing ON COMMIT DROP AS
    SELECT e.id, ledger_digest(e) AS digest FROM ledger_entry e
    WHERE e.seal_id IS NULL
      AND (e.xid < pg_snapshot_xmin(pg_current_snapshot()) OR e.xid >= pg_snapshot_xmax(pg_current_snapshot()))
    ORDER BY e.id LIMIT 50000;
  SELECT count(*) AS entries, min(id) AS lo, max(id) AS hi, sha256(string_agg(digest, ''::bytea ORDER BY id)) AS root
    INTO batch FROM sealing;
  IF batch.entries = 0 THEN
    DROP TABLE sealing;
    RETURN 0;
  END IF;
  INSERT INTO ledger_seal (id, entries, first_entry, last_entry, root, previous, hash)
    VALUES (seal, batch.entries, batch.lo, batch.hi, batch.root, link, ledger_link(link, batch.root, seal, batch.entries));
  UPDATE ledger_entry SET seal_id = seal FROM sealing WHERE ledger_entry.id = sealing.id;
  DROP TABLE sealing;
  RETURN batch.entries;
END $$;

CREATE FUNCTION ledger_faults() RETURNS TABLE (seal bigint, first_entry bigint, last_entry bigint, why text) LANGUAGE sql STABLE AS $$
  WITH chain AS (
    SELECT s.*, coalesce(lag(s.hash) OVER (ORDER BY s.id), ledger_genesis()) AS expected, coalesce(lag(s.id) OVER (ORDER BY s.id), 0) + 1 AS place
    FROM ledger_seal s
  ), checked AS (
    SELECT c.*, coalesce(found.entries, 0) AS found_entries, found.root AS found_root
    FROM chain c LEFT JOIN LATERAL (
      SELECT count(*) AS entries, sha256(string_agg(ledger_digest(e), ''::bytea ORDER BY e.id)) AS root
      FROM ledger_entry e WHERE e.seal_id = c.id
    ) found ON true
  )
  SELECT id, first_entry, last_entry, CASE
    WHEN place <> id THEN 'a seal before it is missing'
    WHEN found_entries <> entries THEN 'entries were removed or added'
    WHEN found_root IS DISTINCT FROM root THEN 'an entry was edited'
    WHEN previous <> expected THEN 'the chain is broken'
    ELSE 'the seal itself was edited' END
  FROM checked
  WHERE place <> id OR found_entries <> entries OR found_root IS DISTINCT FROM root OR previous <> expected
     OR hash <> ledger_link(previous, root, id, entries)
$$;
