-- SPDX-License-Identifier: GPL-3.0-or-later
-- What was allowed at the claim has to be allowed at each step. Back is always open: an execution is taken over, taken
-- back and ended also in a freeze and by whom the next step would be refused.

SET LOCAL ROLE watchkeeper_owner;

-- Whether a step changes something: what a check of the kind "sql" asks may do anything.
CREATE FUNCTION watchkeeper._changes_something(p_step jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$ SELECT p_step ? 'action' OR coalesce(p_step ->> 'check', '') = 'sql' $$;

-- Refuses step n of the plan where the person, the time or a window does not allow it any more. Broken glass overrides
-- windows, and lasts as long as it was broken for; a check looks at what was done, at any time.
CREATE FUNCTION watchkeeper._require_forward(e watchkeeper.execution, n int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    r request;
    refusal text;
BEGIN
    SELECT * INTO STRICT r FROM request WHERE number = e.number;
    PERFORM _require_executor(r);
    IF NOT EXISTS (SELECT FROM step WHERE execution = e.id) THEN
        PERFORM _require_fresh(r); -- a claim does not keep an approval from expiring
    END IF;
    IF r.rule = 'glass' OR NOT _changes_something((SELECT plan::jsonb #> ARRAY['steps', (n - 1)::text] FROM revision v
                                                   WHERE v.number = e.number AND v.revision = e.revision)) THEN
        RETURN;
    END IF;
    IF clock_timestamp() >= r.not_after THEN
        PERFORM _fail('WK423', format('Request %s was to be carried out until %s UTC.', r.number,
                                      to_char(r.not_after AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')),
                      'Take back what was done, or end it; what is left needs a new request.');
    END IF;
    refusal := _window_refusal(r, clock_timestamp());
    IF refusal IS NOT NULL THEN
        PERFORM _fail('WK423', refusal, 'Take back what was done, or wait for the window.');
    END IF;
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
    PERFORM _audit('step.begin', e.number, jsonb_build_object('execution', e.id, 'step', p_step, 'attempt', try));
END $$;

SELECT watchkeeper._seal();

RESET ROLE;
