-- SPDX-License-Identifier: GPL-3.0-or-later
-- Reading a plan. It is stored as the bytes that were approved, so they have to be the only way to write its content:
-- canonical JSON (RFC 8785) with whole numbers only. Two readers can then not see two plans in one text, as they could
-- with a key that stands twice.

SET LOCAL ROLE watchkeeper_owner;

-- The canonical text of a value. Keys are ordered by code point, which is RFC 8785's order of UTF-16 units as long as no
-- key has a character beyond the basic plane; such a key is refused.
CREATE FUNCTION watchkeeper._canonical(v jsonb, depth int DEFAULT 0) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF depth > 32 THEN
        PERFORM _fail('WK400', 'The plan is nested more than 32 levels deep.');
    END IF;
    IF jsonb_typeof(v) = 'object' THEN
        RETURN '{' || coalesce((SELECT string_agg(to_json(CASE WHEN key ~ '[\U00010000-\U0010ffff]'
                   THEN _fail_text('WK400', 'The plan has a key with a character beyond the basic plane.') ELSE key END)::text
                   || ':' || CASE WHEN jsonb_typeof(value) IN ('object', 'array') THEN _canonical(value, depth + 1)
                                  ELSE _canonical_scalar(value) END, ',' ORDER BY key COLLATE "C")
               FROM jsonb_each(v)), '') || '}';
    ELSIF jsonb_typeof(v) = 'array' THEN
        RETURN '[' || coalesce((SELECT string_agg(CASE WHEN jsonb_typeof(value) IN ('object', 'array')
                   THEN _canonical(value, depth + 1) ELSE _canonical_scalar(value) END, ',' ORDER BY place)
               FROM jsonb_array_elements(v) WITH ORDINALITY e (value, place)), '') || ']';
    END IF;
    RETURN _canonical_scalar(v);
END $$;

-- A number is judged before it is written out: "1e100000" is short and its text is not.
CREATE FUNCTION watchkeeper._canonical_scalar(v jsonb) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN pg_catalog.jsonb_typeof(v) = 'number' AND (pg_catalog.scale(v::pg_catalog.numeric) > 0
                     OR pg_catalog.abs(v::pg_catalog.numeric) > 9007199254740992)
        THEN watchkeeper._fail_text('WK400', 'The plan has a number that is not whole or not exact; write it as a text.')
        ELSE v::pg_catalog.text END
$$;

-- One step: what it does, to what, and nothing that nobody reads.
CREATE FUNCTION watchkeeper._check_step(step jsonb, place bigint) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    what text := 'Step ' || place;
    target jsonb := step -> 'target';
    key text;
BEGIN
    PERFORM _only_keys(step, what, 'action', 'check', 'target', 'parameters', 'precondition', 'onFailure');
    IF (step ? 'action') = (step ? 'check') THEN
        PERFORM _fail('WK400', what || ' has to have either an action or a check.');
    END IF;
    IF step ? 'action' AND NOT EXISTS (SELECT FROM action_risk WHERE action = step ->> 'action') THEN
        PERFORM _fail('WK400', format('%s has an unknown action "%s".', what, left(step ->> 'action', 60)));
    END IF;
    IF step ? 'check' AND coalesce(step ->> 'check', '') NOT IN ('rolloutFinished', 'podsReady', 'promql', 'sql', 'http', 'confirm') THEN
        PERFORM _fail('WK400', format('%s has an unknown check "%s".', what, left(step ->> 'check', 60)));
    END IF;
    IF jsonb_typeof(coalesce(step -> 'parameters', '{}')) <> 'object'
       OR jsonb_typeof(coalesce(step -> 'precondition', '{}')) <> 'object' THEN
        PERFORM _fail('WK400', what || ' has parameters or a precondition that are no JSON object.');
    END IF;
    -- "stop" is the default and then left out: there is one way to write a plan.
    IF step ? 'onFailure' AND step ->> 'onFailure' IS DISTINCT FROM 'rollback' THEN
        PERFORM _fail('WK400', what || ' has an onFailure other than "rollback".', 'Leave it out to stop at a failure.');
    END IF;
    IF target IS NULL AND step ? 'check' THEN
        RETURN; -- an HTTP endpoint or a person's word belongs to no object
    END IF;
    PERFORM _only_keys(target, what || '''s target', 'cluster', 'group', 'version', 'kind', 'resource', 'namespace', 'name');
    FOREACH key IN ARRAY ARRAY['cluster', 'group', 'version', 'kind', 'resource', 'namespace', 'name'] LOOP
        PERFORM _text(target, key, 253);
    END LOOP;
    -- Pods are chosen by their names or labels as well.
    IF target ->> 'cluster' IS NULL OR coalesce(target ->> 'kind', '') = ''
       OR coalesce(target ->> 'name', '') = '' AND step ->> 'action' IS DISTINCT FROM 'deletePods' AND NOT step ? 'check' THEN
        PERFORM _fail('WK400', what || ' has a target without cluster, kind or name.');
    END IF;
    IF target ->> 'cluster' = '' AND target ->> 'kind' <> 'Command' THEN
        PERFORM _fail('WK400', what || ' has a target without a cluster.', 'Only a local command belongs to no cluster.');
    END IF;
END $$;

-- Reads and judges a plan's text; returns it as JSON. `may_be_empty`: a record of something that was already done.
CREATE FUNCTION watchkeeper._read_plan(p_plan text, may_be_empty boolean) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    plan jsonb;
BEGIN
    IF p_plan IS NULL OR octet_length(p_plan) > 1048576 THEN
        PERFORM _fail('WK400', 'The plan is missing or larger than 1 MiB.', 'Split it into several requests.');
    END IF;
    BEGIN
        plan := p_plan::jsonb;
    EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
        PERFORM _fail('WK400', 'The plan is no JSON text: ' || SQLERRM);
    END;
    PERFORM _only_keys(plan, 'The plan', 'format', 'platform', 'title', 'steps');
    IF plan ->> 'format' IS DISTINCT FROM 'watchkeeper/plan/v1' THEN
        PERFORM _fail('WK400', 'The plan is not of the format watchkeeper/plan/v1.', 'It was made by another version.');
    END IF;
    PERFORM _reason(_text(plan, 'platform', 200), 'platform', 1, 200), _reason(_text(plan, 'title', 200), 'title', 3, 200);
    IF jsonb_typeof(plan -> 'steps') IS DISTINCT FROM 'array' OR jsonb_array_length(plan -> 'steps') > 500 THEN
        PERFORM _fail('WK400', 'The plan has to have a list of at most 500 steps.', 'Split it into several requests.');
    END IF;
    IF jsonb_array_length(plan -> 'steps') = 0 AND NOT may_be_empty THEN
        PERFORM _fail('WK400', 'The plan has no step.');
    END IF;
    IF plan ->> 'platform' = '*' THEN
        PERFORM _fail('WK400', 'A plan belongs to one platform.');
    END IF;
    PERFORM _check_step(step, place) FROM jsonb_array_elements(plan -> 'steps') WITH ORDINALITY s (step, place);
    IF _canonical(plan) <> p_plan THEN
        PERFORM _fail('WK400', 'The plan is not written in canonical JSON (RFC 8785).', 'Use Watchkeeper to write it.');
    END IF;
    RETURN plan;
END $$;

-- The least risk of a whole plan: that of its riskiest action.
CREATE FUNCTION watchkeeper._plan_risk(plan jsonb) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT coalesce((SELECT risk FROM (SELECT _step_risk(plan ->> 'platform', step) AS risk
                     FROM jsonb_array_elements(plan -> 'steps') step WHERE step ? 'action') r
                     ORDER BY _risk_rank(risk) DESC LIMIT 1), 'low')
$$;

-- The objects that a plan changes, each once.
CREATE FUNCTION watchkeeper._plan_targets(plan jsonb)
RETURNS TABLE (cluster text, api_group text, kind text, namespace text, name text, actions text[]) LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT t ->> 'cluster', CASE WHEN t ->> 'group' = 'extensions' AND t ->> 'kind' = 'Ingress' THEN 'networking.k8s.io'
               WHEN t ->> 'group' = 'extensions' THEN 'apps' ELSE coalesce(t ->> 'group', '') END, -- the same objects, by an old name
           t ->> 'kind', coalesce(t ->> 'namespace', ''), coalesce(t ->> 'name', ''),
           array_agg(DISTINCT step ->> 'action')
    FROM jsonb_array_elements(plan -> 'steps') step, LATERAL (SELECT step -> 'target' AS t) x WHERE step ? 'action'
    GROUP BY 1, 2, 3, 4, 5
$$;

RESET ROLE;
