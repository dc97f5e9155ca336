-- SPDX-License-Identifier: GPL-3.0-or-later
-- Breaking the glass and its review, acting at once in development, closing, and changes that nobody approved.

SET LOCAL ROLE watchkeeper_owner;

CREATE TABLE watchkeeper.review (
    number bigint NOT NULL,
    revision int NOT NULL,
    breaker text NOT NULL,
    reason text NOT NULL,
    incident text NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    due_at timestamptz NOT NULL,
    verdict text CHECK (verdict IN ('accepted', 'objected')),
    reviewer text,
    comment text,
    reviewed_at timestamptz,
    PRIMARY KEY (number, revision),
    FOREIGN KEY (number, revision) REFERENCES watchkeeper.revision,
    CHECK ((verdict IS NULL) = (reviewer IS NULL) AND (verdict IS NULL) = (reviewed_at IS NULL))
);
CREATE INDEX review_open ON watchkeeper.review (due_at) WHERE verdict IS NULL;

-- What everybody is told, loudly, and what a cockpit that was closed then shows when it opens.
CREATE TABLE watchkeeper.notice (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind text NOT NULL,
    number bigint,
    person text NOT NULL,
    text text NOT NULL
);

CREATE FUNCTION watchkeeper._notice(p_kind text, p_number bigint, p_text text) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    INSERT INTO notice (kind, number, person, text) VALUES (p_kind, p_number, session_user, p_text);
    SELECT _notify('notice', p_number, p_kind, NULL);
$$;

-- Approves by oneself, in an emergency: with a reason, an incident, the names of the clusters typed (several: in
-- alphabetical order, with a comma and a space between) and a one-time code. It overrides windows and freezes, not another execution that
-- runs on the same object. It lasts for hours only and owes a review by somebody else.
CREATE FUNCTION watchkeeper.break_glass(p_number bigint, p_revision int, p_sha256 text, p_reason text, p_incident text,
                                        p_typed_cluster text, p_code text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    r request := _lock_as_seen(p_number, p_revision, p_sha256);
    body jsonb := (_policy(r.platform)).body;
    clusters text;
    overridden text;
BEGIN
    PERFORM _require_role(r.platform, ARRAY(SELECT jsonb_array_elements_text(body -> 'execute')), 'break the glass');
    PERFORM _require_state(r, 'approved by breaking the glass', 'draft', 'submitted', 'approved', 'scheduled');
    IF r.after_the_fact OR r.rule IN ('glass', 'solo') THEN
        PERFORM _fail('WK422', format('There is no glass to break for request %s.', r.number));
    END IF;
    PERFORM _reason(p_reason, 'reason', 10, 4000), _reason(p_incident, 'incident', 2, 200);
    SELECT string_agg(DISTINCT cluster, ', ' ORDER BY cluster) INTO clusters FROM request_target
    WHERE number = r.number AND revision = r.revision AND cluster <> '';
    IF coalesce(p_typed_cluster, '') <> coalesce(clusters, '') THEN
        PERFORM _fail('WK400', 'What was typed is not the name of the cluster that this plan changes.',
                      format('Type exactly: %s', clusters));
    END IF;
    PERFORM _step_up(p_code);
    overridden := _window_refusal(r, clock_timestamp());
    UPDATE request SET state = CASE WHEN r.state = 'scheduled' THEN 'scheduled' ELSE 'approved' END, rule = 'glass',
        slots = coalesce(slots, '[]'), approved_at = clock_timestamp(), incident = p_incident,
        expires_at = clock_timestamp() + make_interval(hours => (body ->> 'glass_hours')::int)
    WHERE number = r.number RETURNING * INTO r;
    PERFORM _hold(r, 'open', true);
    INSERT INTO review (number, revision, breaker, reason, incident, due_at) VALUES (r.number, r.revision, session_user, p_reason,
        p_incident, clock_timestamp() + make_interval(hours => (body ->> 'review_hours')::int));
    PERFORM _notice('glass', r.number, format('%s broke the glass for request %s (%s), incident %s: %s', session_user, r.number,
                                              r.title, p_incident, p_reason));
    PERFORM _notify('request', r.number, r.state, r.revision), _notify('review', r.number, 'open', r.revision);
    PERFORM _audit('glass.break', r.number, jsonb_build_object('revision', r.revision, 'sha256', r.plan_sha256, 'reason', p_reason,
                   'incident', p_incident, 'overridden', overridden, 'rule', 'glass', 'state', r.state));
    RETURN _request_json(r.number);
END $$;

CREATE FUNCTION watchkeeper.review_break_glass(p_number bigint, p_verdict text, p_comment text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    r request := _lock_request(p_number);
    v review;
BEGIN
    SELECT * INTO v FROM review WHERE number = r.number AND verdict IS NULL ORDER BY revision LIMIT 1;
    IF NOT FOUND THEN
        PERFORM _fail('WK422', format('Request %s has no open review.', r.number));
    END IF;
    PERFORM _require_role(r.platform, ARRAY['tech-lead', 'security', 'operations'], 'review a broken glass');
    IF session_user IN (r.requester, v.breaker, (SELECT editor FROM revision WHERE number = v.number AND revision = v.revision))
       OR EXISTS (SELECT FROM execution e JOIN execution_holder h ON h.execution = e.id WHERE e.number = r.number AND h.person = session_user) THEN
        PERFORM _fail('WK403', 'Who wrote it, broke the glass or carried it out does not review it.', 'Somebody else has to look at it.');
    END IF;
    IF p_verdict IS NULL OR p_verdict NOT IN ('accepted', 'objected') THEN
        PERFORM _fail('WK400', 'A review ends accepted or objected.');
    END IF;
    PERFORM _reason(p_comment, 'comment', 3, 4000);
    UPDATE review SET verdict = p_verdict, reviewer = session_user, comment = p_comment, reviewed_at = clock_timestamp()
    WHERE number = v.number AND revision = v.revision;
    PERFORM _notify('review', r.number, p_verdict, v.revision);
    PERFORM _audit('glass.review', r.number, jsonb_build_object('revision', v.revision, 'verdict', p_verdict, 'comment', p_comment,
                   'late', v.due_at < clock_timestamp()));
    RETURN _request_json(r.number);
END $$;

CREATE FUNCTION watchkeeper.close_request(p_number bigint, p_note text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    r request := _lock_request(p_number);
BEGIN
    PERFORM _require_role(r.platform, _writers(), 'close a request');
    IF NOT (r.after_the_fact AND r.state = 'approved') THEN
        PERFORM _require_state(r, 'closed', 'verified', 'failed', 'rolled_back');
    END IF;
    IF EXISTS (SELECT FROM review WHERE number = r.number AND verdict IS NULL) THEN
        PERFORM _fail('WK422', format('Request %s owes a review of its broken glass.', r.number), 'Somebody else has to review it first.');
    END IF;
    PERFORM _plain(p_note, 'note', 20000), _set_state(r.number, 'closed');
    PERFORM _audit('request.close', r.number, jsonb_build_object('revision', r.revision, 'note', p_note, 'state', 'closed'));
    RETURN _request_json(r.number);
END $$;

-- Files, approves by rule and claims in one go, where every object is in a cluster of class development, or in a private
-- store. Freezes and maintenance windows hold all the same.
CREATE FUNCTION watchkeeper.act_now(p_fields jsonb, p_plan text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    made bigint := create_request(p_fields, p_plan) -> 'number';
    r request := _lock_request(made);
BEGIN
    IF NOT _solo() AND (NOT EXISTS (SELECT FROM request_target WHERE number = r.number)
           OR EXISTS (SELECT FROM request_target t WHERE t.number = r.number AND (t.kind = 'Command' OR _class(r.platform, t.cluster) <> 'development'))) THEN
        PERFORM _fail('WK403', 'This touches more than clusters of class development; it needs an approval.', 'Propose it as a request.');
    END IF;
    PERFORM _submit(r, 'development');
    RETURN claim_execution(r.number, r.revision, r.plan_sha256);
END $$;

-- A change that the watch saw without a running plan of ours; each object in each version once, whoever sees it first.
CREATE TABLE watchkeeper.unapproved_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    platform text NOT NULL,
    cluster text NOT NULL,
    api_group text NOT NULL,
    kind text NOT NULL,
    namespace text NOT NULL,
    name text NOT NULL,
    resource_version text NOT NULL,
    manager text NOT NULL,
    changed_at timestamptz,
    summary text NOT NULL,
    difference text NOT NULL,
    observer text NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    request bigint REFERENCES watchkeeper.request,
    settled_by text,
    settled_at timestamptz,
    comment text,
    UNIQUE (platform, cluster, api_group, kind, namespace, name, resource_version)
);
CREATE INDEX unapproved_change_observer ON watchkeeper.unapproved_change (observer, seen_at);

CREATE FUNCTION watchkeeper.record_unapproved_change(p_change jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    key text;
    made unapproved_change;
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
    IF (SELECT count(*) FROM unapproved_change WHERE observer = session_user AND seen_at > clock_timestamp() - interval '1 day') >= 2000 THEN
        PERFORM _fail('WK403', 'You have reported 2,000 changes in 24 hours.', 'Look for the program that changes so much.');
    END IF;
    INSERT INTO unapproved_change (platform, cluster, api_group, kind, namespace, name, resource_version, manager, changed_at, summary, difference, observer)
    VALUES (p_change ->> 'platform', p_change ->> 'cluster', coalesce(_text(p_change, 'group', 253), ''), p_change ->> 'kind',
            coalesce(_text(p_change, 'namespace', 253), ''), p_change ->> 'name', p_change ->> 'resourceVersion',
            coalesce(_text(p_change, 'manager', 253), ''), _moment(p_change, 'at'), coalesce(_text(p_change, 'summary', 2000), ''),
            coalesce(_text(p_change, 'difference', 20000), ''), session_user)
    ON CONFLICT DO NOTHING RETURNING * INTO made;
    IF NOT FOUND THEN
        RETURN jsonb_build_object('new', false, 'id', (SELECT id FROM unapproved_change u WHERE u.platform = p_change ->> 'platform'
            AND u.cluster = p_change ->> 'cluster' AND u.api_group = coalesce(p_change ->> 'group', '') AND u.kind = p_change ->> 'kind'
            AND u.namespace = coalesce(p_change ->> 'namespace', '') AND u.name = p_change ->> 'name'
            AND u.resource_version = p_change ->> 'resourceVersion'));
    END IF;
    -- Who and what, in the observer's words; and that these are theirs.
    PERFORM _notice('unapproved', made.id, format('%s No request asked for that (seen by %s).',
        coalesce(nullif(left(made.summary, 400), ''), format('%s %s was changed.', made.kind, made.name)), session_user));
    PERFORM _audit('unapproved.record', NULL, jsonb_build_object('id', made.id, 'change', p_change - 'difference'));
    RETURN jsonb_build_object('new', true, 'id', made.id);
END $$;

-- Says of such a change what became of it, where it is not turned into a request (fields.unapproved does that).
CREATE FUNCTION watchkeeper.settle_unapproved_change(p_id bigint, p_comment text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    u unapproved_change;
BEGIN
    PERFORM _me(), _reason(p_comment, 'comment', 3, 4000);
    SELECT * INTO u FROM unapproved_change WHERE id = p_id AND settled_at IS NULL AND request IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM _fail('WK404', format('There is no unsettled change %s.', p_id));
    END IF;
    PERFORM _require_role(u.platform, _writers(), 'settle an unapproved change');
    UPDATE unapproved_change SET settled_by = session_user, settled_at = clock_timestamp(), comment = p_comment WHERE id = p_id;
    PERFORM _notify('notice', p_id, 'settled', NULL);
    PERFORM _audit('unapproved.settle', NULL, jsonb_build_object('id', p_id, 'comment', p_comment));
END $$;

CREATE FUNCTION watchkeeper._link_unapproved(p_number bigint, p_platform text, f jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF f ->> 'unapproved' IS NOT NULL THEN
        UPDATE unapproved_change SET request = p_number WHERE id = (f ->> 'unapproved')::bigint AND platform = p_platform
        AND settled_at IS NULL AND (request IS NULL OR request = p_number);
        IF NOT FOUND THEN
            PERFORM _fail('WK404', format('There is no unsettled change %s on this platform.', f ->> 'unapproved'));
        END IF;
    END IF;
END $$;

RESET ROLE;
