-- SPDX-License-Identifier: GPL-3.0-or-later
-- Carrying out: claimed once, a lease with a heartbeat, every step recorded before and after.
--
-- Steps are numbered from 1 as in the plan; the rollback of step k is step -k. A step begins once: its row is the proof.
-- What was running when a lease died is `unknown` until a person says what became of it.

SET LOCAL ROLE watchkeeper_owner;

CREATE TABLE watchkeeper.execution (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number bigint NOT NULL,
    revision int NOT NULL,
    plan_sha256 text NOT NULL,
    steps int NOT NULL,
    rule text,
    executor text NOT NULL,
    claimed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    lease_until timestamptz NOT NULL,
    ended_at timestamptz,
    outcome text CHECK (outcome IN ('verified', 'failed', 'rolled_back')),
    note text,
    UNIQUE (number, revision),
    FOREIGN KEY (number, revision) REFERENCES watchkeeper.revision
);
CREATE UNIQUE INDEX execution_running ON watchkeeper.execution (number) WHERE ended_at IS NULL;

-- Everybody who ever held the lease.
CREATE TABLE watchkeeper.execution_holder (
    execution bigint NOT NULL REFERENCES watchkeeper.execution,
    person text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    reason text NOT NULL
);
CREATE INDEX execution_holder_execution ON watchkeeper.execution_holder (execution);

-- Readable by nobody but the owner: the hash of the token that proves the lease.
CREATE TABLE watchkeeper.execution_token (
    execution bigint PRIMARY KEY REFERENCES watchkeeper.execution,
    hash bytea NOT NULL
);

CREATE TABLE watchkeeper.step (
    execution bigint NOT NULL REFERENCES watchkeeper.execution,
    step int NOT NULL CHECK (step <> 0),
    state text NOT NULL CHECK (state IN ('running', 'done', 'failed', 'skipped', 'unknown', 'repeat')),
    attempt int NOT NULL DEFAULT 1,
    person text NOT NULL,
    before jsonb,
    result jsonb,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz,
    PRIMARY KEY (execution, step)
);

CREATE FUNCTION watchkeeper._small_json(v jsonb, what text) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF octet_length(v::text) > 262144 THEN
        PERFORM _fail('WK400', format('What is recorded %s the step is larger than 256 KiB.', what));
    END IF;
END $$;

-- Gives this session the lease, with a new token; an old one is worth nothing from here on.
CREATE FUNCTION watchkeeper._give_lease(p_execution bigint, p_reason text) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    token text := encode(_random(24), 'hex');
    e execution;
BEGIN
    UPDATE execution SET executor = session_user, lease_until = clock_timestamp() + interval '30 seconds'
    WHERE id = p_execution RETURNING * INTO e;
    INSERT INTO execution_holder (execution, person, reason) VALUES (e.id, session_user, p_reason);
    INSERT INTO execution_token VALUES (e.id, sha256(convert_to(token, 'UTF8')))
    ON CONFLICT (execution) DO UPDATE SET hash = excluded.hash;
    PERFORM _notify('execution', e.number, 'running', e.revision);
    RETURN jsonb_build_object('execution', e.id, 'number', e.number, 'revision', e.revision, 'plan_sha256', e.plan_sha256,
        'token', token, 'lease_until', e.lease_until,
        'plan', (SELECT plan FROM revision v WHERE v.number = e.number AND v.revision = e.revision), 'steps',
        (SELECT coalesce(jsonb_agg(to_jsonb(s) - 'execution' ORDER BY s.started_at, s.step), '[]') FROM step s WHERE s.execution = e.id));
END $$;

-- Whether this person may hold the lease of a request: a role that carries out, and no approval given.
CREATE FUNCTION watchkeeper._require_executor(r watchkeeper.request) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    PERFORM _require_role(r.platform, ARRAY(SELECT jsonb_array_elements_text((_policy(r.platform)).body -> 'execute')), 'carry out a request');
    IF EXISTS (SELECT FROM approval WHERE number = r.number AND revision = r.revision AND person = session_user AND verdict = 'approve') THEN
        PERFORM _fail('WK403', format('You approved request %s; somebody else carries it out.', r.number),
                      'Four eyes: who approves does not execute.');
    END IF;
END $$;

CREATE FUNCTION watchkeeper.claim_execution(p_number bigint, p_revision int, p_sha256 text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    r request := _lock_as_seen(p_number, p_revision, p_sha256);
    refusal text;
    made execution;
BEGIN
    PERFORM _require_executor(r);
    IF r.state = 'running' THEN
        SELECT * INTO made FROM execution WHERE number = r.number AND ended_at IS NULL;
        PERFORM _fail('WK423', format('%s carries out request %s since %s UTC.', made.executor, r.number,
                      to_char(made.claimed_at AT TIME ZONE 'UTC', 'HH24:MI:SS')), 'If they are gone, take it over once the lease is dead.');
    END IF;
    PERFORM _require_state(r, 'carried out', 'approved', 'scheduled'), _require_fresh(r);
    IF r.after_the_fact THEN
        PERFORM _fail('WK422', format('Request %s records something that was already done.', r.number), 'Close it.');
    END IF;
    IF r.rule IS NULL AND NOT (_assignment(r.number) ->> 'complete')::boolean THEN
        PERFORM _fail('WK403', format('The approvals of request %s do not suffice any more.', r.number),
                      'An approval has expired, a role was taken away or the policy was tightened. Edit the request and submit it again.');
    END IF;
    IF r.rule = 'solo' AND NOT _solo() OR r.rule = 'template' AND NOT _template_stands(r) THEN
        PERFORM _fail('WK403', format('Request %s was approved by a rule (%s) that does not hold any more.', r.number, r.rule),
                      'Edit the request and submit it again.');
    END IF;
    -- The plan's risk by the classes of today.
    IF r.rule IS DISTINCT FROM 'glass' AND _risk_rank((SELECT _plan_risk(plan::jsonb) FROM revision v WHERE v.number = r.number
                                AND v.revision = r.revision)) > _risk_rank(r.risk) THEN
        PERFORM _fail('WK403', format('Request %s is of a higher risk than it was approved for: a cluster got another class.', r.number),
                      'Edit the request and submit it again.');
    END IF;
    IF r.rule IS DISTINCT FROM 'glass' THEN
        IF clock_timestamp() < r.not_before OR clock_timestamp() >= r.not_after THEN
            PERFORM _fail('WK423', format('Request %s is to be carried out between %s and %s UTC.', r.number,
                to_char(r.not_before AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), to_char(r.not_after AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')));
        END IF;
        refusal := _window_refusal(r, clock_timestamp());
        IF refusal IS NOT NULL THEN
            PERFORM _fail('WK423', refusal, 'Wait for the window, or break the glass in an emergency.');
        END IF;
    END IF;
    PERFORM _hold(r, 'running', false);
    INSERT INTO execution (number, revision, plan_sha256, steps, rule, executor, lease_until)
    SELECT r.number, r.revision, r.plan_sha256, v.steps, r.rule, session_user, clock_timestamp() FROM revision v
    WHERE v.number = r.number AND v.revision = r.revision RETURNING * INTO made;
    PERFORM _set_state(r.number, 'running');
    PERFORM _audit('execution.claim', r.number, jsonb_build_object('execution', made.id, 'revision', r.revision, 'sha256', r.plan_sha256,
                   'rule', r.rule, 'steps', made.steps, 'state', 'running'));
    RETURN _give_lease(made.id, 'claimed');
END $$;

-- Locks a running execution for its holder: the request first, as everybody does.
CREATE FUNCTION watchkeeper._lock_execution(p_execution bigint, p_token text) RETURNS watchkeeper.execution
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    e execution;
BEGIN
    PERFORM _me();
    SELECT * INTO e FROM execution WHERE id = p_execution;
    IF NOT FOUND THEN
        PERFORM _fail('WK404', format('There is no execution %s.', p_execution));
    END IF;
    PERFORM _lock_request(e.number);
    SELECT * INTO e FROM execution WHERE id = p_execution FOR UPDATE;
    IF e.executor <> session_user OR NOT EXISTS (SELECT FROM execution_token WHERE execution = e.id
                                                 AND hash = sha256(convert_to(coalesce(p_token, ''), 'UTF8'))) THEN
        PERFORM _fail('WK403', format('The lease of execution %s is with %s.', e.id, e.executor),
                      'Another session holds it; take over once that lease is dead.');
    END IF;
    IF e.ended_at IS NOT NULL THEN
        PERFORM _fail('WK422', format('Execution %s has ended: %s.', e.id, replace(e.outcome, '_', ' ')));
    END IF;
    IF e.lease_until <= clock_timestamp() THEN
        PERFORM _fail('WK423', format('The lease of execution %s died: no sign of life for 30 s.', e.id),
                      'Look at what happened, then take the execution over.');
    END IF;
    RETURN e;
END $$;

CREATE FUNCTION watchkeeper.heartbeat_execution(p_execution bigint, p_token text) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    e execution := _lock_execution(p_execution, p_token);
BEGIN
    UPDATE execution SET lease_until = clock_timestamp() + interval '30 seconds' WHERE id = e.id RETURNING * INTO e;
    RETURN e.lease_until;
END $$;

-- Whether step n may begin now: forward in the plan's order, back in the reverse of it, and nothing forward after that.
CREATE FUNCTION watchkeeper._check_order(e watchkeeper.execution, n int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    pending step;
BEGIN
    IF n IS NULL OR n = 0 OR n NOT BETWEEN -e.steps AND e.steps THEN
        PERFORM _fail('WK400', format('Execution %s has steps 1 to %s.', e.id, e.steps));
    END IF;
    SELECT * INTO pending FROM step WHERE execution = e.id AND state IN ('running', 'unknown') ORDER BY step LIMIT 1;
    IF FOUND THEN
        PERFORM _fail('WK422', format('Step %s is %s.', pending.step, pending.state), 'It has to be ended or resolved first.');
    END IF;
    IF EXISTS (SELECT FROM step WHERE execution = e.id AND step = n AND state <> 'repeat') THEN
        PERFORM _fail('WK422', format('Step %s was begun already; no step runs twice.', n));
    END IF;
    IF n > 0 AND (EXISTS (SELECT FROM step WHERE execution = e.id AND step < 0)
        OR (SELECT count(*) FROM step WHERE execution = e.id AND step BETWEEN 1 AND n - 1 AND state IN ('done', 'skipped')) <> n - 1) THEN
        PERFORM _fail('WK422', format('Step %s is not the next: a step before it is open or failed, or the rollback began.', n));
    END IF;
    IF n < 0 AND (NOT EXISTS (SELECT FROM step WHERE execution = e.id AND step = -n AND state IN ('done', 'failed'))
        OR EXISTS (SELECT FROM step WHERE execution = e.id AND step < 0 AND step > n)) THEN
        PERFORM _fail('WK422', format('Step %s was not carried out, or the rollback has gone past it.', -n));
    END IF;
END $$;

CREATE FUNCTION watchkeeper.begin_step(p_execution bigint, p_token text, p_step int, p_before jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    e execution := _lock_execution(p_execution, p_token);
    try int;
BEGIN
    PERFORM _check_order(e, p_step), _small_json(p_before, 'before');
    INSERT INTO step AS s (execution, step, state, person, before) VALUES (e.id, p_step, 'running', session_user, p_before)
    ON CONFLICT (execution, step) DO UPDATE SET state = 'running', attempt = s.attempt + 1, person = session_user,
        before = excluded.before, result = NULL, started_at = clock_timestamp(), ended_at = NULL
    WHERE s.state = 'repeat' RETURNING attempt INTO STRICT try;
    PERFORM _notify('step', e.number, 'running', p_step);
    PERFORM _audit('step.begin', e.number, jsonb_build_object('execution', e.id, 'step', p_step, 'attempt', try));
END $$;

-- Says what became of step n, where it is in the state that this can be said of. `action`: how the record calls it.
CREATE FUNCTION watchkeeper._settle_step(e watchkeeper.execution, n int, p_from text, p_outcome text, p_result jsonb, action text,
                                         p_reason text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    UPDATE step SET state = p_outcome, result = coalesce(p_result, result), ended_at = clock_timestamp(), person = session_user
    WHERE execution = e.id AND step = n AND state = p_from;
    IF NOT FOUND THEN
        PERFORM _fail('WK422', format('Step %s of execution %s is not %s.', n, e.id, p_from));
    END IF;
    PERFORM _notify('step', e.number, p_outcome, n);
    PERFORM _audit(action, e.number, jsonb_build_object('execution', e.id, 'step', n, 'outcome', p_outcome, 'reason', p_reason));
END $$;

CREATE FUNCTION watchkeeper.end_step(p_execution bigint, p_token text, p_step int, p_outcome text, p_result jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    e execution := _lock_execution(p_execution, p_token);
BEGIN
    IF p_outcome IS NULL OR p_outcome NOT IN ('done', 'failed', 'skipped') THEN
        PERFORM _fail('WK400', 'A step ends done, failed or skipped.');
    END IF;
    PERFORM _small_json(p_result, 'after'), _settle_step(e, p_step, 'running', p_outcome, p_result, 'step.end', NULL);
END $$;

-- A person's word on a step that nobody saw end.
CREATE FUNCTION watchkeeper.resolve_step(p_execution bigint, p_token text, p_step int, p_outcome text, p_reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    e execution := _lock_execution(p_execution, p_token);
BEGIN
    IF p_outcome IS NULL OR p_outcome NOT IN ('done', 'failed', 'repeat') THEN
        PERFORM _fail('WK400', 'An unknown step was done, has failed, or is to be repeated.');
    END IF;
    PERFORM _reason(p_reason, 'reason', 3, 4000), _settle_step(e, p_step, 'unknown', p_outcome, NULL, 'step.resolve', p_reason);
END $$;

CREATE FUNCTION watchkeeper.take_over_execution(p_execution bigint, p_reason text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    r request := _lock_request((SELECT number FROM execution WHERE id = p_execution));
    e execution;
    lost int[];
BEGIN
    SELECT * INTO e FROM execution WHERE id = p_execution FOR UPDATE;
    PERFORM _require_executor(r);
    IF e.ended_at IS NOT NULL THEN
        PERFORM _fail('WK422', format('Execution %s has ended.', e.id));
    END IF;
    IF e.lease_until > clock_timestamp() THEN
        PERFORM _fail('WK423', format('%s is carrying it out; the lease lives.', e.executor),
                      'Wait 30 s after their last sign of life.');
    END IF;
    PERFORM _reason(p_reason, 'reason', 3, 4000);
    WITH u AS (UPDATE step SET state = 'unknown' WHERE execution = e.id AND state = 'running' RETURNING step)
    SELECT coalesce(array_agg(step), '{}') INTO lost FROM u;
    PERFORM _audit('execution.take_over', e.number, jsonb_build_object('execution', e.id, 'from', e.executor, 'reason', p_reason, 'unknown', to_jsonb(lost)));
    RETURN _give_lease(e.id, p_reason);
END $$;

CREATE FUNCTION watchkeeper.finish_execution(p_execution bigint, p_token text, p_outcome text, p_note text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    e execution := _lock_execution(p_execution, p_token);
    open_step int;
BEGIN
    IF p_outcome IS NULL OR p_outcome NOT IN ('verified', 'failed', 'rolled_back') THEN
        PERFORM _fail('WK400', 'An execution ends verified, failed or rolled_back.');
    END IF;
    PERFORM _plain(p_note, 'note', 20000);
    SELECT step INTO open_step FROM step WHERE execution = e.id AND (state = 'running' OR state IN ('unknown', 'repeat') AND p_outcome <> 'failed');
    IF FOUND THEN
        PERFORM _fail('WK422', format('Step %s has not ended.', open_step));
    END IF;
    IF p_outcome = 'verified' AND (EXISTS (SELECT FROM step WHERE execution = e.id AND step < 0) OR (SELECT count(*) FROM step
           WHERE execution = e.id AND state IN ('done', 'skipped')) <> e.steps) THEN
        PERFORM _fail('WK422', format('Not every one of the %s steps is done.', e.steps), 'Carry out the rest, or end it as failed.');
    END IF;
    IF p_outcome = 'rolled_back' AND (NOT EXISTS (SELECT FROM step WHERE execution = e.id AND step < 0)
           OR EXISTS (SELECT FROM step WHERE execution = e.id AND step < 0 AND state = 'failed')) THEN
        PERFORM _fail('WK422', 'Nothing was rolled back, or a step of the rollback failed.', 'End it as failed.');
    END IF;
    UPDATE execution SET ended_at = clock_timestamp(), outcome = p_outcome, note = p_note WHERE id = e.id;
    PERFORM _set_state(e.number, p_outcome), _notify('execution', e.number, p_outcome, e.revision);
    PERFORM _audit('execution.finish', e.number, jsonb_build_object('execution', e.id, 'note', p_note, 'state', p_outcome));
    RETURN _request_json(e.number);
END $$;

RESET ROLE;
