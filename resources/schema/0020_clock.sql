-- SPDX-License-Identifier: GPL-3.0-or-later
-- No session's time zone has a say: a zone may be of its owner's making, and skip the very day that a freeze falls on.

SET LOCAL ROLE watchkeeper_owner;

-- The days are counted without a zone; a day of a zone may last no time at all.
CREATE OR REPLACE FUNCTION watchkeeper._occurrences(w watchkeeper.time_window, p_from timestamptz, p_to timestamptz)
RETURNS TABLE (starts timestamptz, ends timestamptz) LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT w.starts_at, w.ends_at WHERE w.days IS NULL AND w.starts_at < p_to AND w.ends_at > p_from
    UNION ALL
    SELECT s, e FROM (
        SELECT (day + w.from_time) AT TIME ZONE w.zone AS s,
               (day + w.to_time + CASE WHEN w.to_time <= w.from_time THEN interval '1 day' ELSE interval '0' END)
                   AT TIME ZONE w.zone AS e
        FROM generate_series(((p_from AT TIME ZONE w.zone)::date - 2)::timestamp, ((p_to AT TIME ZONE w.zone)::date + 1)::timestamp,
                             interval '1 day') g (at),
             LATERAL (SELECT g.at::date AS day) d
        WHERE w.days IS NOT NULL AND extract(isodow FROM day)::int = ANY (w.days)) o
    WHERE s < p_to AND e > p_from AND s < e
$$;

-- Gives every function that works with the owner's rights the zone UTC: "a day ago" is a matter of zones, too. A later
-- file that makes or replaces one calls this at its end.
CREATE FUNCTION watchkeeper._seal() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    f record;
BEGIN
    FOR f IN SELECT oid::regprocedure AS name, proconfig FROM pg_proc
             WHERE pronamespace = 'watchkeeper'::regnamespace AND prosecdef LOOP
        IF NOT EXISTS (SELECT FROM unnest(f.proconfig) c WHERE c LIKE 'search_path=pg_catalog, %, pg_temp') THEN
            RAISE EXCEPTION '% has no search_path of its own', f.name;
        END IF;
        EXECUTE format('ALTER FUNCTION %s SET timezone = %L', f.name, 'UTC');
    END LOOP;
END $$;
SELECT watchkeeper._seal();

RESET ROLE;
