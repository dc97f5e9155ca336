-- SPDX-License-Identifier: GPL-3.0-or-later
-- Windows and policies that people change: with a reason, and on what they have seen.

SET LOCAL ROLE watchkeeper_owner;

ALTER TABLE watchkeeper.time_window ADD reason text, ADD replaces bigint REFERENCES watchkeeper.time_window,
    ADD removal_reason text;
ALTER TABLE watchkeeper.policy ADD reason text;

CREATE FUNCTION watchkeeper._check_window(p_window jsonb) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
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
END $$;

CREATE FUNCTION watchkeeper._end_window(p_id bigint, p_reason text) RETURNS watchkeeper.time_window
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    gone time_window;
BEGIN
    UPDATE time_window SET removed_at = clock_timestamp(), removed_by = session_user, removal_reason = p_reason
    WHERE id = p_id AND removed_at IS NULL RETURNING * INTO gone;
    IF NOT FOUND THEN
        PERFORM _fail('WK404', format('There is no window %s.', coalesce(p_id::text, 'without a number')),
                      'Somebody may have changed or ended it; look at the calendar again.');
    END IF;
    RETURN gone;
END $$;

DROP FUNCTION watchkeeper.remove_window(bigint);
DROP FUNCTION watchkeeper.set_window(jsonb);
-- Sets a window: kind, name, platform, cluster, namespace, zone and either starts_at and ends_at, or days (1 is Monday),
-- from and to. p_replaces: the window that ends with it; that takes a reason. Returns the new one's number; the record
-- has both.
CREATE FUNCTION watchkeeper.set_window(p_window jsonb, p_reason text DEFAULT NULL, p_replaces bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    made time_window;
    former jsonb;
BEGIN
    PERFORM _require_admin();
    PERFORM _check_window(p_window), _plain(p_reason, 'reason', 2000);
    IF p_replaces IS NOT NULL THEN
        PERFORM _reason(p_reason, 'reason', 3, 2000);
        former := to_jsonb(_end_window(p_replaces, p_reason));
    END IF;
    IF (SELECT count(*) FROM time_window WHERE removed_at IS NULL) >= 500 THEN
        PERFORM _fail('WK400', 'There are 500 windows already.', 'Remove those that are over.');
    END IF;
    INSERT INTO time_window (kind, name, platform, cluster, namespace, zone, starts_at, ends_at, days, from_time, to_time, set_by,
                             reason, replaces)
    VALUES (p_window ->> 'kind', _reason(_text(p_window, 'name', 200), 'name', 1, 200),
            coalesce(_text(p_window, 'platform', 200), '*'), coalesce(_text(p_window, 'cluster', 200), '*'),
            coalesce(_text(p_window, 'namespace', 253), '*'), coalesce(p_window ->> 'zone', 'UTC'),
            _moment(p_window, 'starts_at'), _moment(p_window, 'ends_at'),
            CASE WHEN p_window ? 'days' THEN ARRAY(SELECT DISTINCT d::text::int FROM jsonb_array_elements(p_window -> 'days') d ORDER BY 1) END,
            (p_window ->> 'from')::time, (p_window ->> 'to')::time, session_user, p_reason, p_replaces)
    RETURNING * INTO made;
    PERFORM _notify('window', made.id, 'set', NULL);
    PERFORM _audit('window.set', NULL, to_jsonb(made) || jsonb_build_object('former', former));
    RETURN made.id;
END $$;

CREATE FUNCTION watchkeeper.end_window(p_id bigint, p_reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    gone time_window;
BEGIN
    PERFORM _require_admin();
    PERFORM _reason(p_reason, 'reason', 3, 2000);
    gone := _end_window(p_id, p_reason);
    PERFORM _notify('window', p_id, 'removed', NULL);
    PERFORM _audit('window.end', NULL, to_jsonb(gone));
    RETURN p_id;
END $$;

DROP VIEW watchkeeper.window_list;
CREATE VIEW watchkeeper.window_list AS
SELECT w.*, EXISTS (SELECT FROM watchkeeper.window_occurrences(w.id, statement_timestamp(), statement_timestamp() + interval '1 second')) AS active,
       (SELECT jsonb_agg(jsonb_build_object('starts', o.starts, 'ends', o.ends) ORDER BY o.starts)
        FROM watchkeeper.window_occurrences(w.id, statement_timestamp(), statement_timestamp() + interval '28 days') o) AS occurrences
FROM watchkeeper.time_window w WHERE w.removed_at IS NULL;

DROP VIEW watchkeeper.policy_list;
CREATE VIEW watchkeeper.policy_list AS
SELECT p.*, p.version = max(p.version) OVER (PARTITION BY p.platform) AS current FROM watchkeeper.policy p;

DROP FUNCTION watchkeeper.set_policy(text, jsonb);
-- Stores a new version of a platform's policy and returns its number. What is left out keeps the default's value. It
-- cannot do away with the second person, and a high risk always takes two approvals and a one-time code. p_seen: the
-- version that the person has looked at, 0 where the platform has none of its own; another one refuses.
CREATE FUNCTION watchkeeper.set_policy(p_platform text, p_body jsonb, p_reason text DEFAULT NULL, p_seen int DEFAULT NULL) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    whole jsonb;
    newest int;
    least_of record;
BEGIN
    PERFORM _require_admin();
    PERFORM _reason(p_platform, 'platform', 1, 200), _plain(p_reason, 'reason', 2000);
    PERFORM _only_keys(p_body, 'A policy', 'approvals', 'step_up', 'execute', 'request_hours', 'approval_hours',
                       'glass_hours', 'review_hours', 'open_requests', 'requests_per_day');
    SELECT p.body || p_body INTO whole FROM policy p WHERE p.platform = '*' AND p.version = 1;
    PERFORM _only_keys(whole -> 'approvals', 'approvals', 'low', 'medium', 'high');
    PERFORM _check_slots(whole #> '{approvals,low}', 'approvals.low', 1);
    PERFORM _check_slots(whole #> '{approvals,medium}', 'approvals.medium', 1);
    PERFORM _check_slots(whole #> '{approvals,high}', 'approvals.high', 2);
    PERFORM _check_set(whole -> 'step_up', 'step_up', 1, 3, ARRAY['low', 'medium', 'high']);
    IF NOT whole -> 'step_up' ? 'high' THEN
        PERFORM _fail('WK400', 'Approving a high risk always asks for a one-time code.', 'Put "high" into step_up.');
    END IF;
    PERFORM _check_set(whole -> 'execute', 'execute', 1, 4, ARRAY['operator', 'tech-lead', 'security', 'operations']);
    FOR least_of IN SELECT * FROM (VALUES ('request_hours', 2160), ('approval_hours', 720), ('glass_hours', 24),
                                          ('review_hours', 168), ('open_requests', 100000), ('requests_per_day', 100000))
                                  v (key, most) LOOP
        IF _whole(whole, least_of.key, 1, least_of.most) IS NULL THEN
            PERFORM _fail('WK400', format('"%s" has to be a whole number.', least_of.key));
        END IF;
    END LOOP;
    SELECT coalesce(max(p.version), 0) INTO newest FROM policy p WHERE p.platform = p_platform;
    IF p_seen <> newest THEN
        PERFORM _fail('WK409', format('The policy of "%s" is at version %s now, not %s.', p_platform, newest, p_seen),
                      'Look at it again before you change it.');
    END IF;
    INSERT INTO policy (platform, version, body, set_by, reason) VALUES (p_platform, newest + 1, whole, session_user, p_reason);
    PERFORM _changed('policy.set', newest + 1, jsonb_build_object('platform', p_platform, 'version', newest + 1, 'body', whole,
                     'reason', p_reason));
    RETURN newest + 1;
EXCEPTION WHEN unique_violation THEN
    PERFORM _fail('WK409', 'Somebody else set this policy at the same moment.', 'Look at it and try again.');
    RETURN NULL;
END $$;

GRANT SELECT ON watchkeeper.window_list, watchkeeper.policy_list TO watchkeeper_people;
GRANT EXECUTE ON FUNCTION watchkeeper.set_window(jsonb, text, bigint), watchkeeper.end_window(bigint, text),
    watchkeeper.set_policy(text, jsonb, text, int) TO watchkeeper_people;

RESET ROLE;
