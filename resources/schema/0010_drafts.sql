-- SPDX-License-Identifier: GPL-3.0-or-later
-- Filing, editing, submitting and cancelling a request.

SET LOCAL ROLE watchkeeper_owner;

CREATE FUNCTION watchkeeper._writers() RETURNS text[] LANGUAGE sql IMMUTABLE
AS $$ SELECT ARRAY['operator', 'tech-lead', 'security', 'operations'] $$;

-- Judges the form's fields. What may be missing in a draft is asked for at submission.
CREATE FUNCTION watchkeeper._check_fields(f jsonb) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    key text;
BEGIN
    IF f IS NULL OR octet_length(f::text) > 262144 THEN
        PERFORM _fail('WK400', 'The form is missing or larger than 256 KiB.', 'Put long texts behind a link.');
    END IF;
    PERFORM _only_keys(f, 'A request', 'title', 'type', 'risk', 'what', 'why', 'impact', 'tests', 'rollback_plan',
                       'rollback_minutes', 'data_recovery', 'not_before', 'not_after', 'incident', 'template',
                       'template_parameters', 'after_the_fact', 'unapproved');
    PERFORM _reason(_text(f, 'title', 200), 'title', 3, 200);
    IF f ->> 'title' ~ E'[\n\t]' THEN
        PERFORM _fail('WK400', 'The title has to be one line.');
    END IF;
    IF coalesce(_text(f, 'type', 20), '') NOT IN ('deployment', 'configuration', 'infrastructure', 'security') THEN
        PERFORM _fail('WK400', 'The type of a request is deployment, configuration, infrastructure or security.');
    END IF;
    IF coalesce(_text(f, 'risk', 20), 'low') NOT IN ('low', 'medium', 'high') THEN
        PERFORM _fail('WK400', 'The risk of a request is low, medium or high.');
    END IF;
    FOREACH key IN ARRAY ARRAY['what', 'why', 'impact', 'rollback_plan'] LOOP
        PERFORM _text(f, key, 20000);
    END LOOP;
    PERFORM _text(f, 'incident', 200), _text(f, 'template', 200);
    PERFORM _whole(f, 'rollback_minutes', 0, 100000), _whole(f, 'unapproved', 1, 9007199254740992);
    IF octet_length(coalesce(f ->> 'tests', '')) > 20000 OR octet_length(coalesce(f ->> 'data_recovery', '')) > 20000 THEN
        PERFORM _fail('WK400', '"tests" and "data_recovery" may have 20,000 bytes each.');
    END IF;
    IF jsonb_typeof(coalesce(f -> 'after_the_fact', 'false')) <> 'boolean' THEN
        PERFORM _fail('WK400', '"after_the_fact" is true or false.');
    END IF;
    IF jsonb_typeof(coalesce(f -> 'template_parameters', '{}')) <> 'object' THEN
        PERFORM _fail('WK400', '"template_parameters" has to be a JSON object.');
    END IF;
    IF _moment(f, 'not_before') >= _moment(f, 'not_after') THEN
        PERFORM _fail('WK400', '"not after" is not later than "not before".');
    END IF;
END $$;

-- How much one person may leave here: open requests, and revisions (a new request is its first) in a day.
CREATE FUNCTION watchkeeper._require_quota(p_platform text, is_new boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    body jsonb := (_policy(p_platform)).body;
BEGIN
    IF is_new AND (SELECT count(*) FROM request WHERE requester = session_user
                   AND state IN ('draft', 'submitted', 'approved', 'scheduled', 'rejected')) >= (body ->> 'open_requests')::int THEN
        PERFORM _fail('WK403', format('You have %s open requests already.', body ->> 'open_requests'),
                      'Cancel those that are no longer wanted.');
    END IF;
    IF (SELECT count(*) FROM revision WHERE editor = session_user
        AND at > clock_timestamp() - interval '1 day') >= (body ->> 'requests_per_day')::int THEN
        PERFORM _fail('WK403', format('You have filed or edited %s requests in 24 hours.', body ->> 'requests_per_day'), 'Wait a day.');
    END IF;
END $$;

CREATE FUNCTION watchkeeper._higher(a text, b text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT CASE WHEN _risk_rank(a) >= _risk_rank(b) THEN a ELSE b END
$$;

-- What a form and a plan make of a request; neither is stored yet.
CREATE FUNCTION watchkeeper._draft(f jsonb, p_plan text) RETURNS watchkeeper.request
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    d request;
    plan jsonb;
BEGIN
    PERFORM _check_fields(f);
    d.after_the_fact := coalesce((f ->> 'after_the_fact')::boolean, false);
    plan := _read_plan(p_plan, d.after_the_fact);
    d.platform := plan ->> 'platform';
    d.plan_sha256 := _sha256(p_plan);
    d.risk := _higher(coalesce(f ->> 'risk', 'low'), _plan_risk(plan));
    d.title := f ->> 'title';
    d.type := f ->> 'type';
    d.incident := f ->> 'incident';
    d.template := f ->> 'template';
    d.not_before := _moment(f, 'not_before');
    d.not_after := _moment(f, 'not_after');
    RETURN d;
END $$;

-- Stores the revision that a request is at from now on, and what it touches; tells everybody and records it.
CREATE FUNCTION watchkeeper._drafted(r watchkeeper.request, action text, f jsonb, p_plan text) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    plan jsonb := p_plan;
BEGIN
    INSERT INTO revision (number, revision, editor, fields, plan, plan_sha256, declared_risk, computed_risk, steps)
    VALUES (r.number, r.revision, session_user, f, p_plan, r.plan_sha256, coalesce(f ->> 'risk', 'low'), _plan_risk(plan),
            jsonb_array_length(plan -> 'steps'));
    INSERT INTO request_target (number, revision, cluster, api_group, kind, namespace, name, actions)
    SELECT r.number, r.revision, t.* FROM _plan_targets(plan) t;
    PERFORM _link_unapproved(r.number, r.platform, f), _notify('request', r.number, 'draft', r.revision);
    PERFORM _audit(action, r.number, jsonb_build_object('revision', r.revision, 'sha256', r.plan_sha256, 'risk', r.risk,
                   'platform', r.platform, 'title', r.title, 'state', 'draft'));
    RETURN _request_json(r.number);
END $$;

CREATE FUNCTION watchkeeper.create_request(p_fields jsonb, p_plan text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    d request := _draft(p_fields, p_plan);
BEGIN
    PERFORM _require_role(d.platform, _writers(), 'file a request'), _require_quota(d.platform, true);
    INSERT INTO request (platform, title, type, plan_sha256, risk, requester, editor, incident, template, after_the_fact,
                         not_before, not_after)
    VALUES (d.platform, d.title, d.type, d.plan_sha256, d.risk, session_user, session_user, d.incident, d.template,
            d.after_the_fact, d.not_before, d.not_after) RETURNING * INTO d;
    RETURN _drafted(d, 'request.create', p_fields, p_plan);
END $$;

-- A new revision. Whatever was approved was another one: nothing of it counts for this.
CREATE FUNCTION watchkeeper.edit_request(p_number bigint, p_expected_revision int, p_fields jsonb, p_plan text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    r request := _lock_revision(p_number, p_expected_revision);
    d request;
BEGIN
    PERFORM _require_role(r.platform, _writers(), 'edit a request');
    PERFORM _require_state(r, 'edited', 'draft', 'submitted', 'approved', 'scheduled', 'rejected');
    IF r.revision >= 200 THEN
        PERFORM _fail('WK403', format('Request %s has 200 revisions.', r.number), 'Cancel it and file a new one.');
    END IF;
    d := _draft(p_fields, p_plan);
    IF d.platform <> r.platform THEN
        PERFORM _fail('WK400', format('Request %s belongs to platform "%s".', r.number, r.platform), 'File another request.');
    END IF;
    PERFORM _require_quota(r.platform, false);
    UPDATE request SET revision = r.revision + 1, state = 'draft', title = d.title, type = d.type, plan_sha256 = d.plan_sha256,
        editor = session_user, risk = d.risk, incident = d.incident, template = d.template, template_version = NULL,
        after_the_fact = d.after_the_fact, not_before = d.not_before, not_after = d.not_after, slots = NULL,
        policy_version = NULL, rule = NULL, submitted_at = NULL, expires_at = NULL, approved_at = NULL, ended_at = NULL
    WHERE number = r.number RETURNING * INTO d;
    RETURN _drafted(d, 'request.edit', p_fields, p_plan);
END $$;

-- Holds a request's objects, in one order for everybody. An object of another open request refuses; one whose request has
-- expired lets go. Glass does not wait for a plan of tomorrow: then what is held by others is left with them.
CREATE FUNCTION watchkeeper._hold(r watchkeeper.request, p_hold text, p_yield boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    t request_target;
    holder request;
BEGIN
    FOR t IN SELECT * FROM request_target WHERE number = r.number AND revision = r.revision
             ORDER BY cluster, api_group, kind, namespace, name LOOP
        LOOP
            INSERT INTO held_target (hold, platform, cluster, api_group, kind, namespace, name, number)
            VALUES (p_hold, r.platform, t.cluster, t.api_group, t.kind, t.namespace, t.name, r.number) ON CONFLICT DO NOTHING;
            EXIT WHEN FOUND;
            SELECT o.* INTO holder FROM held_target h JOIN request o ON o.number = h.number
            WHERE h.hold = p_hold AND h.platform = r.platform AND h.cluster = t.cluster AND h.api_group = t.api_group
              AND h.kind = t.kind AND h.namespace = t.namespace AND h.name = t.name;
            EXIT WHEN FOUND AND (holder.number = r.number OR p_yield);
            CONTINUE WHEN NOT FOUND; -- it was released this instant
            IF holder.state = 'running' OR holder.expires_at > clock_timestamp() THEN
                PERFORM _fail('WK409', format('%s %s is part of request %s (%s, %s).', t.kind, t.name, holder.number,
                              holder.title, holder.state), format('Wait for request %s, or agree with %s.', holder.number, holder.requester));
            END IF;
            -- Expired, unless somebody is deciding on it this instant.
            PERFORM FROM request o WHERE o.number = holder.number AND o.expires_at <= clock_timestamp() FOR UPDATE SKIP LOCKED;
            IF NOT FOUND THEN
                PERFORM _fail('WK409', format('%s %s is part of request %s (%s).', t.kind, t.name, holder.number, holder.title),
                              'Try again in a moment.');
            END IF;
            DELETE FROM held_target WHERE number = holder.number;
        END LOOP;
    END LOOP;
END $$;

-- Submits a locked draft. p_rule: who stands in for the people, or NULL.
CREATE FUNCTION watchkeeper._submit(r watchkeeper.request, p_rule text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    v revision;
    p policy := _policy(r.platform);
    by_rule text := p_rule;
    real_risk text;
    standard template;
    state text := 'submitted';
    ends timestamptz;
BEGIN
    SELECT * INTO STRICT v FROM revision WHERE number = r.number AND revision = r.revision;
    -- A class may have changed since the draft was written.
    real_risk := _higher(v.declared_risk, _plan_risk(v.plan::jsonb));
    IF _solo() THEN
        by_rule := 'solo';
    ELSIF by_rule IS NULL AND r.template IS NOT NULL THEN
        standard := _match_template(r, v, real_risk);
        by_rule := CASE WHEN jsonb_array_length(standard.body -> 'approvals') = 0 THEN 'template' END;
    END IF;
    ends := least(clock_timestamp() + make_interval(hours => (p.body ->> 'request_hours')::int), r.not_after);
    UPDATE request SET state = 'submitted', risk = real_risk, template_version = standard.version,
        slots = CASE WHEN by_rule IS NOT NULL THEN '[]' WHEN standard.name IS NOT NULL THEN standard.body -> 'approvals'
                ELSE p.body -> 'approvals' -> real_risk END,
        policy_version = p.version, submitted_at = clock_timestamp(), expires_at = ends
    WHERE number = r.number RETURNING * INTO r;
    IF NOT r.after_the_fact THEN
        PERFORM _require_moment(r, greatest(clock_timestamp(), r.not_before), ends), _hold(r, 'open', false);
    END IF;
    IF by_rule IS NOT NULL THEN
        PERFORM _approved(r, by_rule);
        state := 'approved';
    END IF;
    PERFORM _notify('request', r.number, state, r.revision);
    PERFORM _audit('request.submit', r.number, jsonb_build_object('revision', r.revision, 'sha256', r.plan_sha256,
                   'risk', r.risk, 'slots', r.slots, 'policy_version', r.policy_version, 'rule', by_rule, 'state', state,
                   'template', r.template, 'template_version', r.template_version, 'after_the_fact', r.after_the_fact));
END $$;

CREATE FUNCTION watchkeeper.submit_request(p_number bigint, p_revision int, p_sha256 text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    r request := _lock_as_seen(p_number, p_revision, p_sha256);
    f jsonb;
    key text;
BEGIN
    IF session_user NOT IN (r.requester, r.editor) THEN
        PERFORM _fail('WK403', format('Request %s is submitted by who wrote it: %s.', r.number, r.editor));
    END IF;
    PERFORM _require_role(r.platform, _writers(), 'submit a request');
    PERFORM _require_state(r, 'submitted', 'draft');
    SELECT fields INTO f FROM revision WHERE number = r.number AND revision = r.revision;
    FOREACH key IN ARRAY ARRAY['what', 'why', 'impact', 'rollback_plan'] LOOP
        PERFORM _reason(f ->> key, replace(key, '_', ' '), 3, 20000);
    END LOOP;
    PERFORM _submit(r, NULL);
    RETURN _request_json(r.number);
END $$;

CREATE FUNCTION watchkeeper.cancel_request(p_number bigint, p_reason text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    r request := _lock_request(p_number);
BEGIN
    IF session_user <> r.requester AND NOT _is_admin(session_user) THEN
        PERFORM _fail('WK403', format('Request %s is cancelled by %s or an admin.', r.number, r.requester),
                      'You can reject it instead.');
    END IF;
    PERFORM _require_state(r, 'cancelled', 'draft', 'submitted', 'approved', 'scheduled', 'rejected');
    PERFORM _reason(p_reason, 'reason', 3, 4000), _set_state(r.number, 'cancelled');
    PERFORM _audit('request.cancel', r.number, jsonb_build_object('revision', r.revision, 'reason', p_reason, 'state', 'cancelled'));
    RETURN _request_json(r.number);
END $$;

RESET ROLE;
