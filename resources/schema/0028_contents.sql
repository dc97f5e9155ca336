-- SPDX-License-Identifier: GPL-3.0-or-later
-- The record vouches for what it is about: the form that was filed, what a step found and left, the text of a template.
-- Whoever changes one of them behind the functions' backs is found like whoever changes the record.

SET LOCAL ROLE watchkeeper_owner;

-- The hash of a JSON value as it is stored; that of an empty text where there is none.
CREATE FUNCTION watchkeeper._json_sha256(v jsonb) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$ SELECT _sha256(coalesce(v::text, '')) $$;

CREATE OR REPLACE FUNCTION watchkeeper._drafted(r watchkeeper.request, action text, f jsonb, p_plan text) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    plan jsonb := p_plan;
BEGIN
    INSERT INTO revision (number, revision, editor, fields, plan, plan_sha256, declared_risk, computed_risk, steps)
    VALUES (r.number, r.revision, session_user, f, p_plan, r.plan_sha256, coalesce(f ->> 'risk', 'low'), _plan_risk(plan),
            jsonb_array_length(plan -> 'steps'));
    INSERT INTO request_target (number, revision, cluster, api_group, kind, namespace, name, actions, resource, asks)
    SELECT r.number, r.revision, t.* FROM _plan_targets(plan) t;
    PERFORM _link_unapproved(r.number, r.platform, f), _notify('request', r.number, 'draft', r.revision);
    PERFORM _audit(action, r.number, jsonb_build_object('revision', r.revision, 'sha256', r.plan_sha256, 'risk', r.risk,
                   'platform', r.platform, 'title', r.title, 'fields_sha256', _json_sha256(f), 'state', 'draft'));
    RETURN _request_json(r.number);
END $$;

CREATE OR REPLACE FUNCTION watchkeeper.begin_step(p_execution bigint, p_token text, p_step int, p_before jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    e execution := _lock_execution(p_execution, p_token);
    try int;
BEGIN
    PERFORM _check_order(e, p_step), _small_json(p_before, 'before');
    IF p_step > 0 THEN
        PERFORM _require_forward(e, p_step);
    END IF;
    INSERT INTO step AS s (execution, step, state, person, before) VALUES (e.id, p_step, 'running', session_user, p_before)
    ON CONFLICT (execution, step) DO UPDATE SET state = 'running', attempt = s.attempt + 1, person = session_user,
        before = excluded.before, result = NULL, started_at = clock_timestamp(), ended_at = NULL
    WHERE s.state = 'repeat' RETURNING attempt INTO STRICT try;
    PERFORM _notify('step', e.number, 'running', p_step);
    PERFORM _audit('step.begin', e.number, jsonb_build_object('execution', e.id, 'step', p_step, 'attempt', try,
                   'before_sha256', _json_sha256(p_before)));
END $$;

-- Says what became of step n, where it is in the state that this can be said of. `action`: how the record calls it.
CREATE OR REPLACE FUNCTION watchkeeper._settle_step(e watchkeeper.execution, n int, p_from text, p_outcome text, p_result jsonb,
                                                    action text, p_reason text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    kept jsonb;
BEGIN
    UPDATE step SET state = p_outcome, result = coalesce(p_result, result), ended_at = clock_timestamp(), person = session_user
    WHERE execution = e.id AND step = n AND state = p_from RETURNING result INTO kept;
    IF NOT FOUND THEN
        PERFORM _fail('WK422', format('Step %s of execution %s is not %s.', n, e.id, p_from));
    END IF;
    PERFORM _notify('step', e.number, p_outcome, n);
    PERFORM _audit(action, e.number, jsonb_build_object('execution', e.id, 'step', n, 'outcome', p_outcome, 'reason', p_reason,
                   'result_sha256', CASE WHEN action = 'step.end' THEN _json_sha256(kept) END));
END $$;

-- The first row of the record, from one on, whose subject is not there any more as it was recorded. Rows that were
-- written before the hashes were vouch for the plan alone. Of a step that was repeated, the last time counts.
CREATE FUNCTION watchkeeper._first_altered(p_from_seq bigint) RETURNS bigint LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT min(seq) FROM (
        SELECT a.seq FROM audit a LEFT JOIN revision v ON v.number = a.number AND v.revision = (a.detail ->> 'revision')::int
        WHERE a.action IN ('request.create', 'request.edit') AND a.seq >= p_from_seq
          AND (v.number IS NULL OR _sha256(v.plan) <> a.detail ->> 'sha256' OR _json_sha256(v.fields) <> a.detail ->> 'fields_sha256')
        UNION ALL
        SELECT a.seq FROM audit a LEFT JOIN step s ON s.execution = (a.detail ->> 'execution')::bigint AND s.step = (a.detail ->> 'step')::int
        WHERE a.action IN ('step.begin', 'step.end') AND a.seq >= p_from_seq
          AND (s.step IS NULL OR a.action = 'step.begin' AND s.attempt = (a.detail ->> 'attempt')::int
                   AND _json_sha256(s.before) <> a.detail ->> 'before_sha256'
               OR a.action = 'step.end' AND (s.state <> a.detail ->> 'outcome' OR _json_sha256(s.result) <> a.detail ->> 'result_sha256'))
        UNION ALL
        SELECT a.seq FROM audit a LEFT JOIN template t ON t.name = a.detail ->> 'name' AND t.version = (a.detail ->> 'version')::int
        WHERE a.action = 'template.set' AND a.seq >= p_from_seq
          AND (t.name IS NULL OR jsonb_strip_nulls(t.body) IS DISTINCT FROM '{"approvals": [], "parameters": {}}' || (a.detail -> 'body'))) x
$$;

-- Recomputes the chain from a row on (NULL or 0: from its beginning), and names the first row that does not fit:
-- its hash, its link to the row before it, a gap, a column that differs from the hashed text, an end that was cut off, or
-- a subject that was altered.
ALTER FUNCTION watchkeeper.verify_audit(bigint) RENAME TO _verify_chain;
REVOKE ALL ON FUNCTION watchkeeper._verify_chain(bigint) FROM watchkeeper_people;
ALTER FUNCTION watchkeeper._verify_chain(bigint) SECURITY INVOKER;
CREATE FUNCTION watchkeeper.verify_audit(p_from_seq bigint DEFAULT 0) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    found_here jsonb := _verify_chain(p_from_seq);
    altered bigint := _first_altered(coalesce(p_from_seq, 0));
BEGIN
    RETURN found_here || CASE WHEN altered IS NULL THEN '{}' ELSE jsonb_build_object('ok', false, 'altered', altered,
        'first_broken', least(altered, (found_here ->> 'first_broken')::bigint)) END;
END $$;
GRANT EXECUTE ON FUNCTION watchkeeper.verify_audit(bigint) TO watchkeeper_people;

SELECT watchkeeper._seal();

RESET ROLE;
