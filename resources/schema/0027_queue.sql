-- SPDX-License-Identifier: GPL-3.0-or-later
-- Nobody stops the others through what everybody may use: the queue of notices, and the disk for temporary files.
--
-- The queue is emptied by those who listen, between their transactions. Whoever listens, leaves a transaction open and
-- fills the queue from elsewhere would have every write refused once it is full. Long before, whoever writes something
-- ends the sessions in this database whose transactions are old.

-- Only a superuser may bound what a session spills to disk.
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET temp_file_limit = %L', current_database(), '2GB');
EXCEPTION WHEN insufficient_privilege THEN
    RAISE WARNING 'What a session writes to temporary files is not bounded: a superuser has to ALTER DATABASE … SET temp_file_limit';
END $$;

SET LOCAL ROLE watchkeeper_owner;

-- How full the queue is, from 0 to 1.
CREATE FUNCTION watchkeeper._queue_usage() RETURNS double precision LANGUAGE sql VOLATILE
AS $$ SELECT pg_catalog.pg_notification_queue_usage() $$;

-- A transaction that does nothing is old after 5 s, and so is a notice that its client does not fetch; one that works is
-- after a minute. Those that wait for a lock, a disk or a standby are let be, as in _make_way().
CREATE FUNCTION watchkeeper._free_queue() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    holder record;
BEGIN
    PERFORM pg_stat_clear_snapshot();
    FOR holder IN SELECT pid, usename FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                  AND backend_type = 'client backend'
                  AND ((state LIKE 'idle in transaction%' OR state = 'idle' AND wait_event = 'ClientWrite')
                       AND coalesce(xact_start, state_change) < clock_timestamp() - interval '5 seconds'
                    OR state = 'active' AND xact_start < clock_timestamp() - interval '1 minute' AND (wait_event_type IS NULL
                       OR wait_event_type NOT IN ('IO', 'LWLock', 'BufferPin', 'Lock') OR wait_event = 'advisory')) LOOP
        BEGIN
            PERFORM pg_terminate_backend(holder.pid);
            RAISE LOG 'watchkeeper: ended session % of %, which may keep the queue of notices from being emptied', holder.pid, holder.usename;
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE LOG 'watchkeeper: session % of % may keep the queue of notices from being emptied, and cannot be ended', holder.pid, holder.usename;
        END;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION watchkeeper._me() RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM _fail('WK400', 'Changes are made in transactions that are READ COMMITTED only.',
                      'Leave the isolation level as it is.');
    END IF;
    IF NOT pg_has_role(session_user, 'watchkeeper_people', 'MEMBER') THEN
        PERFORM _fail('WK403', format('%s is not one of the people of this store.', session_user),
                      'An admin admits a person with: watchkeeperctl store grant.');
    END IF;
    -- What has notified cannot be prepared: no lock outlives the connection that took it.
    IF current_setting('max_prepared_transactions')::int > 0 THEN
        PERFORM pg_notify('watchkeeper_no_prepare', '');
    END IF;
    IF _queue_usage() > 0.2 THEN
        PERFORM _free_queue();
    END IF;
    RETURN session_user;
END $$;

SELECT watchkeeper._seal();

RESET ROLE;
