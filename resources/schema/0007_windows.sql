-- SPDX-License-Identifier: GPL-3.0-or-later
-- When a change may be carried out: maintenance windows and freezes, once or every week in a place's own time.
--
-- A freeze wins over everything. Where any maintenance window covers a target, the target is changed inside one only.
-- A weekly window is the local time of its zone, also across a change of the clocks: a time that the spring change skips
-- is read an hour later, a time that the autumn change repeats is its second passing (PostgreSQL's own reading).

SET LOCAL ROLE watchkeeper_owner;

-- "window" is a word of SQL.
CREATE TABLE watchkeeper.time_window (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('maintenance', 'freeze')),
    name text NOT NULL,
    platform text NOT NULL DEFAULT '*',
    cluster text NOT NULL DEFAULT '*',
    namespace text NOT NULL DEFAULT '*',
    zone text NOT NULL,
    starts_at timestamptz, -- once
    ends_at timestamptz,
    days int[] CHECK (days <@ ARRAY[1, 2, 3, 4, 5, 6, 7] AND cardinality(days) > 0), -- or weekly: 1 is Monday,
    from_time time, -- local; the window ends on the next day where to_time is not later
    to_time time,
    set_by text NOT NULL,
    set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    removed_by text,
    removed_at timestamptz,
    CHECK ((starts_at IS NOT NULL AND ends_at > starts_at AND days IS NULL AND from_time IS NULL AND to_time IS NULL)
        OR (starts_at IS NULL AND ends_at IS NULL AND days IS NOT NULL AND from_time IS NOT NULL AND to_time IS NOT NULL))
);

-- The occurrences of a window that touch [from, to).
CREATE FUNCTION watchkeeper._occurrences(w watchkeeper.time_window, p_from timestamptz, p_to timestamptz)
RETURNS TABLE (starts timestamptz, ends timestamptz) LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT w.starts_at, w.ends_at WHERE w.days IS NULL AND w.starts_at < p_to AND w.ends_at > p_from
    UNION ALL
    SELECT s, e FROM (
        SELECT (day + w.from_time) AT TIME ZONE w.zone AS s,
               (day + w.to_time + CASE WHEN w.to_time <= w.from_time THEN interval '1 day' ELSE interval '0' END)
                   AT TIME ZONE w.zone AS e
        FROM generate_series((p_from AT TIME ZONE w.zone)::date - 2, (p_to AT TIME ZONE w.zone)::date + 1, '1 day') g (at),
             LATERAL (SELECT g.at::date AS day) d
        WHERE w.days IS NOT NULL AND extract(isodow FROM day)::int = ANY (w.days)) o
    WHERE s < p_to AND e > p_from AND s < e
$$;

CREATE FUNCTION watchkeeper._covers(w watchkeeper.time_window, p_platform text, t watchkeeper.request_target)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT w.platform IN ('*', p_platform) AND w.cluster IN ('*', t.cluster) AND w.namespace IN ('*', t.namespace)
$$;

-- The windows that matter to a request.
CREATE FUNCTION watchkeeper._windows_of(r watchkeeper.request) RETURNS SETOF watchkeeper.time_window LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT w FROM time_window w WHERE removed_at IS NULL AND (ends_at IS NULL OR ends_at > now() - interval '1 day')
    AND EXISTS (SELECT FROM request_target t WHERE t.number = r.number AND t.revision = r.revision AND _covers(w, r.platform, t))
$$;

-- Why a request may not be carried out at a moment: a sentence, or NULL.
CREATE FUNCTION watchkeeper._window_refusal(r watchkeeper.request, p_at timestamptz) RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    found_window record;
BEGIN
    SELECT w.name, w.zone, o.ends INTO found_window
    FROM _windows_of(r) w, _occurrences(w, p_at, p_at + interval '1 microsecond') o
    WHERE w.kind = 'freeze' ORDER BY o.ends DESC LIMIT 1;
    IF FOUND THEN
        RETURN format('The freeze "%s" lasts until %s (%s).', found_window.name,
                      to_char(found_window.ends AT TIME ZONE found_window.zone, 'YYYY-MM-DD HH24:MI'), found_window.zone);
    END IF;
    SELECT t.kind, t.name, (SELECT string_agg(w.name, ', ' ORDER BY w.name) FROM _windows_of(r) w
                            WHERE w.kind = 'maintenance' AND _covers(w, r.platform, t)) AS windows INTO found_window
    FROM request_target t WHERE t.number = r.number AND t.revision = r.revision
    AND EXISTS (SELECT FROM _windows_of(r) w WHERE w.kind = 'maintenance' AND _covers(w, r.platform, t))
    AND NOT EXISTS (SELECT FROM _windows_of(r) w, _occurrences(w, p_at, p_at + interval '1 microsecond')
                    WHERE w.kind = 'maintenance' AND _covers(w, r.platform, t))
    LIMIT 1;
    IF FOUND THEN
        RETURN format('%s %s is changed in its maintenance windows only (%s).', found_window.kind, found_window.name,
                      found_window.windows);
    END IF;
    RETURN NULL;
END $$;

-- Refuses a request that has no admissible moment in [from, to). Such a moment, if there is one, can be found among the
-- beginning, the beginnings of maintenance windows and the ends of freezes.
CREATE FUNCTION watchkeeper._require_moment(r watchkeeper.request, p_from timestamptz, p_to timestamptz) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    candidate timestamptz;
    refusal text;
    why text;
BEGIN
    IF p_from >= p_to THEN
        PERFORM _fail('WK423', format('The time for request %s is over, or its end is before its beginning.', r.number),
                      'Edit the request and give it another time.');
    END IF;
    FOR candidate IN
        SELECT p_from UNION
        SELECT CASE w.kind WHEN 'freeze' THEN o.ends ELSE o.starts END FROM _windows_of(r) w, _occurrences(w, p_from, p_to) o
        ORDER BY 1 LIMIT 2000
    LOOP
        CONTINUE WHEN candidate < p_from OR candidate >= p_to;
        refusal := _window_refusal(r, candidate);
        IF refusal IS NULL THEN
            RETURN;
        END IF;
        why := coalesce(why, refusal);
    END LOOP;
    PERFORM _fail('WK423', format('Request %s could never run in the time it asks for. %s', r.number, why),
                  'Ask for another time (not before, not after).');
END $$;

-- Sets a window: kind, name, platform, cluster, namespace, zone and either starts_at and ends_at, or days (1 is Monday),
-- from and to. Returns its number. A window that should change is removed and set anew; the record shows both.
CREATE FUNCTION watchkeeper.set_window(p_window jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    made time_window;
BEGIN
    PERFORM _require_admin();
    PERFORM _only_keys(p_window, 'A window', 'kind', 'name', 'platform', 'cluster', 'namespace', 'zone', 'starts_at',
                       'ends_at', 'days', 'from', 'to');
    IF coalesce(_text(p_window, 'kind', 20), '') NOT IN ('maintenance', 'freeze') THEN
        PERFORM _fail('WK400', 'A window is of kind "maintenance" or "freeze".');
    END IF;
    IF NOT EXISTS (SELECT FROM pg_timezone_names WHERE name = coalesce(_text(p_window, 'zone', 60), 'UTC')) THEN
        PERFORM _fail('WK400', format('There is no time zone "%s".', p_window ->> 'zone'), 'Write it as Europe/Berlin.');
    END IF;
    IF (p_window ? 'days') = (p_window ? 'starts_at') OR (p_window ? 'starts_at') <> (p_window ? 'ends_at')
       OR (p_window ? 'days') <> (p_window ? 'from') OR (p_window ? 'from') <> (p_window ? 'to') THEN
        PERFORM _fail('WK400', 'A window has either a beginning and an end, or days, from and to.');
    END IF;
    IF p_window ? 'days' AND (jsonb_typeof(p_window -> 'days') <> 'array' OR jsonb_array_length(p_window -> 'days') NOT BETWEEN 1 AND 7
        OR EXISTS (SELECT FROM jsonb_array_elements(p_window -> 'days') d WHERE d::text !~ '^[1-7]$')
        OR _text(p_window, 'from', 5) !~ '^([01]\d|2[0-3]):[0-5]\d$' OR _text(p_window, 'to', 5) !~ '^([01]\d|2[0-3]):[0-5]\d$') THEN
        PERFORM _fail('WK400', 'days are numbers from 1 (Monday) to 7, from and to are times such as 22:00.');
    END IF;
    IF _moment(p_window, 'ends_at') <= _moment(p_window, 'starts_at') THEN
        PERFORM _fail('WK400', 'The window ends before it begins.');
    END IF;
    IF (SELECT count(*) FROM time_window WHERE removed_at IS NULL) >= 500 THEN
        PERFORM _fail('WK400', 'There are 500 windows already.', 'Remove those that are over.');
    END IF;
    INSERT INTO time_window (kind, name, platform, cluster, namespace, zone, starts_at, ends_at, days, from_time, to_time, set_by)
    VALUES (p_window ->> 'kind', _reason(_text(p_window, 'name', 200), 'name', 1, 200),
            coalesce(_text(p_window, 'platform', 200), '*'), coalesce(_text(p_window, 'cluster', 200), '*'),
            coalesce(_text(p_window, 'namespace', 253), '*'), coalesce(p_window ->> 'zone', 'UTC'),
            _moment(p_window, 'starts_at'), _moment(p_window, 'ends_at'),
            CASE WHEN p_window ? 'days' THEN ARRAY(SELECT DISTINCT d::text::int FROM jsonb_array_elements(p_window -> 'days') d ORDER BY 1) END,
            (p_window ->> 'from')::time, (p_window ->> 'to')::time, session_user)
    RETURNING * INTO made;
    PERFORM _notify('window', made.id, 'set', NULL);
    PERFORM _audit('window.set', NULL, to_jsonb(made));
    RETURN made.id;
END $$;

CREATE FUNCTION watchkeeper.remove_window(p_id bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    gone time_window;
BEGIN
    PERFORM _require_admin();
    UPDATE time_window SET removed_at = clock_timestamp(), removed_by = session_user WHERE id = p_id AND removed_at IS NULL
    RETURNING * INTO gone;
    IF NOT FOUND THEN
        PERFORM _fail('WK404', format('There is no window %s.', p_id));
    END IF;
    PERFORM _notify('window', p_id, 'removed', NULL);
    PERFORM _audit('window.remove', NULL, to_jsonb(gone));
END $$;

RESET ROLE;
