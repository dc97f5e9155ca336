-- SPDX-License-Identifier: GPL-3.0-or-later
-- The record: append-only, every row chained to the one before it.
--
-- row_hash = SHA-256(prev_hash || entry), entry being the UTF-8 bytes of the row's own JSON text, exactly as stored and
-- exported: whoever holds the lines can verify them without this database. The head is one row that every writer locks
-- last, so rows are numbered without a gap in the order in which they took it. Workstations remember the head and
-- compare it on connecting; that is what finds a superuser who rewrote everything.

SET LOCAL ROLE watchkeeper_owner;

CREATE TABLE watchkeeper.audit_head (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    seq bigint NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);
INSERT INTO watchkeeper.audit_head (seq, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

CREATE TABLE watchkeeper.audit (
    seq bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    person text NOT NULL,
    action text NOT NULL,
    number bigint, -- the request, where there is one
    detail jsonb NOT NULL,
    entry text NOT NULL,
    prev_hash bytea NOT NULL CHECK (octet_length(prev_hash) = 32),
    row_hash bytea NOT NULL CHECK (octet_length(row_hash) = 32)
);
CREATE INDEX audit_number ON watchkeeper.audit (number, seq) WHERE number IS NOT NULL;
CREATE INDEX audit_person ON watchkeeper.audit (person, seq);
CREATE INDEX audit_at ON watchkeeper.audit (at);

-- Where the record begins after old rows were removed: the hash of the last removed row, and who removed when.
CREATE TABLE watchkeeper.audit_anchor (
    seq bigint PRIMARY KEY,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    transaction text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The text that is hashed. Its keys are in the order that jsonb gives them, by length and then by bytes.
CREATE FUNCTION watchkeeper._audit_entry(a watchkeeper.audit, mode text) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT jsonb_build_object('seq', a.seq, 'at', to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                              'person', a.person, 'action', a.action, 'request', a.number, 'policy', mode,
                              'detail', a.detail)::text
$$;

-- Whoever inserts goes through the chain; number, time, person and hashes are not the writer's to choose.
CREATE FUNCTION watchkeeper._audit_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    head audit_head;
BEGIN
    SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
    NEW.seq := head.seq + 1;
    NEW.at := clock_timestamp();
    NEW.person := session_user;
    NEW.entry := _audit_entry(NEW, (SELECT mode FROM store));
    NEW.prev_hash := head.hash;
    NEW.row_hash := sha256(head.hash || convert_to(NEW.entry, 'UTF8'));
    UPDATE audit_head SET seq = NEW.seq, hash = NEW.row_hash;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_chain BEFORE INSERT ON watchkeeper.audit FOR EACH ROW EXECUTE FUNCTION watchkeeper._audit_chain();

-- Nothing is changed, by nobody. Removed is only what prune_audit removes in this very transaction, older than a year.
CREATE FUNCTION watchkeeper._audit_keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_LEVEL = 'ROW' AND OLD.at < clock_timestamp() - interval '1 year'
       AND EXISTS (SELECT FROM audit_anchor WHERE transaction = pg_current_xact_id()::text AND seq >= OLD.seq) THEN
        RETURN OLD;
    END IF;
    PERFORM _fail('WK403', 'The record is append-only: nothing in it is changed or removed.',
                  'prune_audit() removes what is older than a year and says so in the record.');
    RETURN NULL;
END $$;
SELECT watchkeeper._guard('watchkeeper.audit', '_audit_keep');

-- The head goes forward only, by one, to the row that was just made.
CREATE FUNCTION watchkeeper._audit_head_keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 AND NEW.seq = OLD.seq + 1 THEN
        RETURN NEW;
    END IF;
    PERFORM _fail('WK403', 'The head of the record moves only with a new row.');
    RETURN NULL;
END $$;
SELECT watchkeeper._guard('watchkeeper.audit_head', '_audit_head_keep');

-- Writes one row. Called last in a function: from here to the commit every other writer waits.
CREATE FUNCTION watchkeeper._audit(p_action text, p_number bigint, p_detail jsonb) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    INSERT INTO audit (seq, at, person, action, number, detail, entry, prev_hash, row_hash)
    VALUES (0, 'epoch', '', p_action, p_number, jsonb_strip_nulls(p_detail), '', ''::bytea, ''::bytea)
$$;

-- Tells everybody of a change to the rules or to the people, and records it.
CREATE FUNCTION watchkeeper._changed(p_action text, p_version int, p_detail jsonb) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT _notify('policy', NULL, NULL, p_version), _audit(p_action, NULL, p_detail)
$$;

-- Recomputes the chain from a row on (NULL or 0: from its beginning), and names the first row that does not fit:
-- its hash, its link to the row before it, a gap, a column that differs from the hashed text, an end that was cut off.
CREATE FUNCTION watchkeeper.verify_audit(p_from_seq bigint DEFAULT 0) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    first_seq bigint;
    last_seq bigint;
    checked bigint;
    broken bigint;
    expected bytea;
    head audit_head;
BEGIN
    SELECT * INTO head FROM audit_head;
    SELECT min(seq) INTO first_seq FROM audit WHERE seq >= coalesce(p_from_seq, 0);
    -- What has to stand before the first row: the row before it, else the anchor, else the beginning.
    SELECT row_hash INTO expected FROM audit WHERE seq = first_seq - 1;
    IF expected IS NULL THEN
        SELECT hash INTO expected FROM audit_anchor WHERE seq = first_seq - 1;
    END IF;
    IF expected IS NULL AND coalesce(first_seq, 1) = 1 THEN
        expected := decode(repeat('00', 32), 'hex');
    END IF;
    SELECT count(*), max(r.seq), min(r.seq) FILTER (WHERE
               r.prev_hash IS DISTINCT FROM r.before OR r.seq <> r.seq_before + 1
               OR r.e IS NULL OR (r.e ->> 'seq')::bigint IS DISTINCT FROM r.seq OR r.e ->> 'person' IS DISTINCT FROM r.person
               OR r.e ->> 'action' IS DISTINCT FROM r.action OR (r.e ->> 'request')::bigint IS DISTINCT FROM r.number
               OR r.e -> 'detail' IS DISTINCT FROM r.detail OR (r.e ->> 'at')::timestamptz IS DISTINCT FROM r.at)
    INTO checked, last_seq, broken
    FROM (SELECT a.*, CASE WHEN a.row_hash = sha256(a.prev_hash || convert_to(a.entry, 'UTF8')) THEN a.entry::jsonb END AS e, lag(a.row_hash, 1, expected) OVER w AS before,
                 lag(a.seq, 1, first_seq - 1) OVER w AS seq_before
          FROM audit a WHERE a.seq >= coalesce(p_from_seq, 0) WINDOW w AS (ORDER BY a.seq)) r;
    IF broken IS NULL AND coalesce(p_from_seq, 0) <= head.seq AND (last_seq IS NULL OR last_seq <> head.seq
            OR (SELECT row_hash FROM audit WHERE seq = last_seq) <> head.hash) AND head.seq > 0 THEN
        broken := least(coalesce(last_seq, 0) + 1, head.seq);
    END IF;
    RETURN jsonb_build_object('ok', broken IS NULL, 'first_broken', broken, 'checked', checked,
                              'head', jsonb_build_object('seq', head.seq, 'hash', encode(head.hash, 'hex')));
END $$;

-- Removes what is older than `before`, at least a year, for an admin. The record begins anew with the hash of the last
-- removed row as its anchor, and a row at its end says so.
CREATE FUNCTION watchkeeper.prune_audit(p_before timestamptz) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    last_gone audit;
    gone bigint;
BEGIN
    PERFORM _require_admin();
    IF p_before IS NULL OR p_before > clock_timestamp() - interval '1 year' THEN
        PERFORM _fail('WK403', 'Nothing in the record that is younger than a year can be removed.',
                      'Give a moment that is more than a year ago.');
    END IF;
    PERFORM FROM audit_head FOR UPDATE;
    IF NOT (verify_audit(0) ->> 'ok')::boolean THEN
        PERFORM _fail('WK409', 'The record is broken; nothing of it is removed before that is understood.',
                      'Run "watchkeeperctl audit verify".');
    END IF;
    SELECT * INTO last_gone FROM audit
    WHERE seq < coalesce((SELECT min(seq) FROM audit WHERE at >= p_before), (SELECT max(seq) FROM audit))
    ORDER BY seq DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN jsonb_build_object('removed', 0);
    END IF;
    INSERT INTO audit_anchor (seq, hash, transaction) VALUES (last_gone.seq, last_gone.row_hash, pg_current_xact_id()::text);
    DELETE FROM audit WHERE seq <= last_gone.seq;
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM _audit('audit.prune', NULL, jsonb_build_object('removed', gone, 'up_to', last_gone.seq,
                   'hash', encode(last_gone.row_hash, 'hex'), 'before', p_before));
    RETURN jsonb_build_object('removed', gone, 'up_to', last_gone.seq);
END $$;

RESET ROLE;
