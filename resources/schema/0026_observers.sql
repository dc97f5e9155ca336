-- SPDX-License-Identifier: GPL-3.0-or-later
-- Whoever reports an unapproved change first has not the last word on it, and a request accounts for it only as long as
-- it is meant: one that touches the object and is on its way to be decided.

SET LOCAL ROLE watchkeeper_owner;

-- What others saw of a change that was recorded already; one word each.
CREATE TABLE watchkeeper.unapproved_report (
    change bigint NOT NULL REFERENCES watchkeeper.unapproved_change,
    observer text NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    manager text NOT NULL,
    changed_at timestamptz,
    summary text NOT NULL,
    difference text NOT NULL,
    contradicts boolean NOT NULL,
    PRIMARY KEY (change, observer)
);
CREATE INDEX unapproved_report_observer ON watchkeeper.unapproved_report (observer, seen_at);

-- Takes down what one more observer saw. Where it is something else, everybody is told, once for each change.
CREATE FUNCTION watchkeeper._report_again(u watchkeeper.unapproved_change, p_change jsonb) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    made unapproved_report;
    first boolean := NOT EXISTS (SELECT FROM unapproved_report WHERE change = u.id AND contradicts);
BEGIN
    IF u.observer = session_user THEN
        RETURN false;
    END IF;
    INSERT INTO unapproved_report (change, observer, manager, changed_at, summary, difference, contradicts)
    VALUES (u.id, session_user, coalesce(_text(p_change, 'manager', 253), ''), _moment(p_change, 'at'),
            coalesce(_text(p_change, 'summary', 2000), ''), coalesce(_text(p_change, 'difference', 20000), ''),
            (coalesce(p_change ->> 'manager', ''), coalesce(p_change ->> 'difference', '')) IS DISTINCT FROM (u.manager, u.difference))
    ON CONFLICT DO NOTHING RETURNING * INTO made;
    IF NOT coalesce(made.contradicts, false) THEN
        RETURN false;
    END IF;
    IF first THEN
        PERFORM _notice('unapproved', u.id, format('%s sees change %s otherwise than %s: %s', session_user, u.id, u.observer,
            coalesce(nullif(left(made.summary, 400), ''), format('changed by "%s"', made.manager))));
    END IF;
    PERFORM _notify('notice', u.id, 'unapproved', NULL);
    PERFORM _audit('unapproved.contradict', NULL, jsonb_build_object('id', u.id, 'change', p_change - 'difference'));
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION watchkeeper.record_unapproved_change(p_change jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    key text;
    made unapproved_change;
    there unapproved_change;
BEGIN
    PERFORM _me();
    PERFORM _only_keys(p_change, 'A change', 'platform', 'cluster', 'group', 'kind', 'namespace', 'name', 'resourceVersion', 'manager',
                       'at', 'summary', 'difference');
    FOREACH key IN ARRAY ARRAY['platform', 'cluster', 'kind', 'name', 'resourceVersion'] LOOP
        PERFORM _reason(_text(p_change, key, 253), key, 1, 253);
    END LOOP;
    IF cardinality(_roles(session_user, p_change ->> 'platform')) = 0 THEN
        PERFORM _fail('WK403', format('%s has no role on platform "%s".', session_user, p_change ->> 'platform'));
    END IF;
    IF (SELECT count(*) FROM unapproved_change WHERE observer = session_user AND seen_at > clock_timestamp() - interval '1 day')
       + (SELECT count(*) FROM unapproved_report WHERE observer = session_user AND seen_at > clock_timestamp() - interval '1 day') >= 2000 THEN
        PERFORM _fail('WK403', 'You have reported 2,000 changes in 24 hours.', 'Look for the program that changes so much.');
    END IF;
    INSERT INTO unapproved_change (platform, cluster, api_group, kind, namespace, name, resource_version, manager, changed_at, summary, difference, observer)
    VALUES (p_change ->> 'platform', p_change ->> 'cluster', coalesce(_text(p_change, 'group', 253), ''), p_change ->> 'kind',
            coalesce(_text(p_change, 'namespace', 253), ''), p_change ->> 'name', p_change ->> 'resourceVersion',
            coalesce(_text(p_change, 'manager', 253), ''), _moment(p_change, 'at'), coalesce(_text(p_change, 'summary', 2000), ''),
            coalesce(_text(p_change, 'difference', 20000), ''), session_user)
    ON CONFLICT DO NOTHING RETURNING * INTO made;
    IF NOT FOUND THEN
        SELECT * INTO STRICT there FROM unapproved_change u WHERE u.platform = p_change ->> 'platform'
            AND u.cluster = p_change ->> 'cluster' AND u.api_group = coalesce(p_change ->> 'group', '') AND u.kind = p_change ->> 'kind'
            AND u.namespace = coalesce(p_change ->> 'namespace', '') AND u.name = p_change ->> 'name'
            AND u.resource_version = p_change ->> 'resourceVersion' FOR UPDATE;
        RETURN jsonb_build_object('new', false, 'id', there.id, 'contradicts', _report_again(there, p_change));
    END IF;
    -- Who and what, in the observer's words; and that these are theirs.
    PERFORM _notice('unapproved', made.id, format('%s No request asked for that (seen by %s).',
        coalesce(nullif(left(made.summary, 400), ''), format('%s %s was changed.', made.kind, made.name)), session_user));
    PERFORM _audit('unapproved.record', NULL, jsonb_build_object('id', made.id, 'change', p_change - 'difference'));
    RETURN jsonb_build_object('new', true, 'id', made.id);
END $$;

-- Locks a change that nobody has settled and no request but this one accounts for. A draft keeps it from nobody.
CREATE FUNCTION watchkeeper._lock_unapproved(p_id bigint, p_number bigint) RETURNS watchkeeper.unapproved_change
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    u unapproved_change;
BEGIN
    SELECT * INTO u FROM unapproved_change WHERE id = p_id AND settled_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM _fail('WK404', format('There is no unsettled change %s.', p_id));
    END IF;
    IF u.request IS DISTINCT FROM p_number AND EXISTS (SELECT FROM request WHERE number = u.request AND state <> 'draft') THEN
        PERFORM _fail('WK404', format('There is no unsettled change %s.', p_id), format('Request %s accounts for it.', u.request));
    END IF;
    RETURN u;
END $$;

CREATE OR REPLACE FUNCTION watchkeeper.settle_unapproved_change(p_id bigint, p_comment text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    u unapproved_change;
BEGIN
    PERFORM _me(), _reason(p_comment, 'comment', 3, 4000);
    u := _lock_unapproved(p_id, NULL);
    PERFORM _require_role(u.platform, _writers(), 'settle an unapproved change');
    UPDATE unapproved_change SET settled_by = session_user, settled_at = clock_timestamp(), comment = p_comment, request = NULL
    WHERE id = p_id;
    PERFORM _notify('notice', p_id, 'settled', NULL);
    PERFORM _audit('unapproved.settle', NULL, jsonb_build_object('id', p_id, 'comment', p_comment));
END $$;

-- A draft says which change it accounts for. It has to touch that object, or be a mere record of what was done.
CREATE OR REPLACE FUNCTION watchkeeper._link_unapproved(p_number bigint, p_platform text, f jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    wanted bigint := f ->> 'unapproved';
    u unapproved_change;
    r request;
BEGIN
    UPDATE unapproved_change SET request = NULL WHERE request = p_number AND id IS DISTINCT FROM wanted;
    IF wanted IS NULL THEN
        RETURN;
    END IF;
    u := _lock_unapproved(wanted, p_number);
    IF u.platform <> p_platform THEN
        PERFORM _fail('WK404', format('There is no unsettled change %s on this platform.', wanted));
    END IF;
    SELECT * INTO STRICT r FROM request WHERE number = p_number;
    IF NOT EXISTS (SELECT FROM request_target t WHERE t.number = r.number AND t.revision = r.revision AND t.cluster = u.cluster
           AND (t.api_group, lower(t.kind), t.namespace, t.name) = (u.api_group, lower(u.kind), u.namespace, u.name))
       AND NOT (r.after_the_fact AND NOT EXISTS (SELECT FROM request_target t WHERE t.number = r.number AND t.revision = r.revision)) THEN
        PERFORM _fail('WK400', format('Change %s is of %s %s in %s, which this plan does not touch.', u.id, u.kind, u.name, u.cluster),
                      'File it for the object that was changed.');
    END IF;
    UPDATE unapproved_change SET request = p_number WHERE id = u.id;
END $$;

-- What a request accounts for is decided when it is submitted; a request that is over lets go of it.
CREATE FUNCTION watchkeeper._unapproved_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    wanted bigint;
BEGIN
    IF NEW.state IN ('cancelled', 'rejected') THEN
        UPDATE unapproved_change SET request = NULL WHERE request = NEW.number AND settled_at IS NULL;
    ELSIF OLD.state = 'draft' AND NEW.state <> 'draft' AND NEW.rule IS DISTINCT FROM 'glass' THEN -- an emergency does not wait for that
        SELECT (fields ->> 'unapproved')::bigint INTO wanted FROM revision WHERE number = NEW.number AND revision = NEW.revision;
        IF wanted IS NOT NULL THEN
            PERFORM _lock_unapproved(wanted, NEW.number);
            UPDATE unapproved_change SET request = NEW.number WHERE id = wanted;
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER unapproved_follow AFTER UPDATE OF state ON watchkeeper.request
    FOR EACH ROW EXECUTE FUNCTION watchkeeper._unapproved_follow();

GRANT SELECT ON watchkeeper.unapproved_report TO watchkeeper_people;

SELECT watchkeeper._seal();

RESET ROLE;
