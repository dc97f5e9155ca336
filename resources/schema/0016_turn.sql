-- SPDX-License-Identifier: GPL-3.0-or-later
-- Nobody keeps the record from the others.
--
-- Whoever has written a row of the record holds its end until the commit, and a client decides when it commits. No
-- setting helps: a session may change its own time limits. So those who wait take the turn away: they end the session
-- that has held it, or an execution's row, for more than 5 s. The turn is a lock on an empty table that nobody but the
-- owner may take, so pg_locks says for certain who has it.

-- To end another person's session, and to see what it does.
DO $$
BEGIN
    GRANT pg_signal_backend, pg_read_all_stats TO watchkeeper_owner;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE WARNING 'A session that keeps the others waiting cannot be ended: a superuser has to GRANT pg_signal_backend, pg_read_all_stats TO watchkeeper_owner';
END $$;

SET LOCAL ROLE watchkeeper_owner;

CREATE TABLE watchkeeper.audit_turn (never boolean CHECK (never));

-- Ends the sessions that have held up others for more than 5 s, and says who could not be ended; NULL where nobody is
-- left. What waits for a disk, a standby or the rows of others is at work, and so is prune_audit (10 minutes): it holds
-- the anchor, too. Advisory locks are anybody's and excuse nobody.
CREATE FUNCTION watchkeeper._make_way() RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    holder record;
    left_over text;
BEGIN
    PERFORM pg_stat_clear_snapshot();
    FOR holder IN
        SELECT DISTINCT a.pid, a.usename, a.xact_start, a.xact_start < clock_timestamp() - interval '5 seconds'
               AND NOT (a.state = 'active' AND (a.wait_event_type IN ('IO', 'LWLock', 'BufferPin') OR a.wait_event = 'SyncRep'
                   OR a.wait_event_type = 'Lock' AND a.wait_event <> 'advisory'
                   OR a.xact_start > clock_timestamp() - interval '10 minutes' AND EXISTS (SELECT FROM pg_locks p WHERE p.pid = a.pid
                       AND p.granted AND p.relation = 'audit_anchor'::regclass AND p.mode = 'ShareUpdateExclusiveLock'))) AS too_long
        FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.pid <> pg_backend_pid()
          AND (l.relation = 'audit_turn'::regclass AND l.mode = 'ShareUpdateExclusiveLock'
               OR l.relation = 'execution'::regclass AND l.mode = 'RowExclusiveLock')
    LOOP
        BEGIN
            IF holder.too_long THEN
                PERFORM pg_terminate_backend(holder.pid);
                RAISE LOG 'watchkeeper: ended session % of %, which kept % waiting', holder.pid, holder.usename, session_user;
                CONTINUE;
            END IF;
        EXCEPTION WHEN insufficient_privilege THEN
            NULL; -- named below
        END;
        left_over := format('%s (process %s%s)', holder.usename, holder.pid,
                            coalesce(', since ' || to_char(holder.xact_start AT TIME ZONE 'UTC', 'HH24:MI:SS') || ' UTC', ''));
    END LOOP;
    RETURN left_over;
END $$;

CREATE FUNCTION watchkeeper._still_held(p_what text, p_by text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    PERFORM _fail('WK409', format('%s is held by %s; nothing was changed.', p_what, coalesce(p_by, 'somebody who was not found')),
                  'Try again; if it lasts, have whoever runs the database end that session.');
END $$;

-- From here to the commit every other writer waits.
CREATE FUNCTION watchkeeper._take_turn() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
    held_by text;
BEGIN
    FOR attempt IN 1 .. 4 LOOP
        BEGIN
            LOCK TABLE audit_turn IN SHARE UPDATE EXCLUSIVE MODE;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            held_by := _make_way();
        END;
    END LOOP;
    PERFORM _still_held('The record', held_by);
END $$;

CREATE OR REPLACE FUNCTION watchkeeper._audit_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    head audit_head;
BEGIN
    PERFORM _take_turn();
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

-- Waits for a request that somebody else has locked. Apart from _lock_request, so that only who waits pays for it.
CREATE FUNCTION watchkeeper._wait_for_request(p_number bigint) RETURNS watchkeeper.request
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
    r request;
    held_by text;
BEGIN
    FOR attempt IN 1 .. 4 LOOP
        BEGIN
            SELECT * INTO r FROM request WHERE number = p_number FOR UPDATE;
            RETURN r;
        EXCEPTION WHEN lock_not_available THEN
            held_by := _make_way();
        END;
    END LOOP;
    PERFORM _still_held(format('Request %s', p_number), held_by);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION watchkeeper._lock_request(p_number bigint) RETURNS watchkeeper.request
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    r request;
BEGIN
    PERFORM _me();
    SELECT * INTO r FROM request WHERE number = p_number FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        IF NOT EXISTS (SELECT FROM request WHERE number = p_number) THEN
            PERFORM _fail('WK404', format('There is no request %s.', coalesce(p_number::text, 'without a number')));
        END IF;
        r := _wait_for_request(p_number);
    END IF;
    RETURN r;
END $$;

-- Waits that come before the turn, for an object that is about to be held or for what an admin changes, begin by making way.
ALTER FUNCTION watchkeeper._hold(watchkeeper.request, text, boolean) RENAME TO _hold_each;
CREATE FUNCTION watchkeeper._hold(r watchkeeper.request, p_hold text, p_yield boolean) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$ SELECT _make_way(); SELECT _hold_each(r, p_hold, p_yield) $$;

CREATE OR REPLACE FUNCTION watchkeeper._require_admin() RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF NOT _is_admin(session_user) THEN
        PERFORM _fail('WK403', format('This is for an admin, and %s is none.', session_user),
                      'Ask a member of watchkeeper_admin.');
    END IF;
    PERFORM _make_way();
    RETURN _me();
END $$;

CREATE OR REPLACE FUNCTION watchkeeper.prune_audit(p_before timestamptz) RETURNS jsonb
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
    LOCK TABLE audit_anchor IN SHARE UPDATE EXCLUSIVE MODE; -- says that this may take long
    PERFORM _take_turn();
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
