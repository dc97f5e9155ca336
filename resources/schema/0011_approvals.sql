-- SPDX-License-Identifier: GPL-3.0-or-later
-- Approving, rejecting, and narrowing the time of what was approved.

SET LOCAL ROLE watchkeeper_owner;

CREATE TABLE watchkeeper.approval (
    number bigint NOT NULL,
    revision int NOT NULL,
    person text NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('approve', 'reject')),
    plan_sha256 text NOT NULL,
    comment text NOT NULL,
    step_up boolean NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (number, revision, person),
    FOREIGN KEY (number, revision) REFERENCES watchkeeper.revision
);

-- Looks for a slot for person i, moving those who already have one (Kuhn's augmenting path). `fits`: for each person the
-- slots that their roles fit; `holder`: the person in each slot.
CREATE FUNCTION watchkeeper._place(fits jsonb, i int, INOUT holder int[], INOUT seen boolean[], OUT placed boolean)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    s int;
    deeper record;
BEGIN
    placed := false;
    FOR s IN SELECT e::int FROM jsonb_array_elements(fits -> (i - 1)) e LOOP
        CONTINUE WHEN seen[s];
        seen[s] := true;
        IF holder[s] IS NOT NULL THEN
            SELECT * INTO deeper FROM _place(fits, holder[s], holder, seen);
            seen := deeper.seen;
            CONTINUE WHEN NOT deeper.placed;
            holder := deeper.holder;
        END IF;
        holder[s] := i;
        placed := true;
        RETURN;
    END LOOP;
END $$;

-- Who fills which slot: as many slots as these people can fill, each person one. NULL where nobody does.
CREATE FUNCTION watchkeeper._fill(slots jsonb, p_platform text, people text[]) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    n int := jsonb_array_length(slots);
    fits jsonb;
    holder int[] := array_fill(NULL::int, ARRAY[n]);
    attempt record;
BEGIN
    IF n = 0 OR cardinality(people) = 0 THEN
        RETURN array_fill(NULL::text, ARRAY[n]);
    END IF;
    SELECT jsonb_agg(coalesce((SELECT jsonb_agg(s.place) FROM jsonb_array_elements(slots) WITH ORDINALITY s (roles, place)
                               WHERE s.roles ?| _roles(p.name, p_platform)), '[]') ORDER BY p.place) INTO fits
    FROM unnest(people) WITH ORDINALITY p (name, place);
    FOR i IN 1 .. cardinality(people) LOOP
        SELECT * INTO attempt FROM _place(fits, i, holder, array_fill(false, ARRAY[n]));
        IF attempt.placed THEN
            holder := attempt.holder;
        END IF;
    END LOOP;
    RETURN ARRAY(SELECT people[h.i] FROM unnest(holder) WITH ORDINALITY h (i, place) ORDER BY place);
END $$;

CREATE FUNCTION watchkeeper._has_gap(filled text[]) RETURNS boolean LANGUAGE sql IMMUTABLE
AS $$ SELECT EXISTS (SELECT FROM pg_catalog.unnest(filled) f WHERE f IS NULL) $$;

-- The approvals of the current revision against the slots that the policy asked for at submission, and against those of
-- the policy of today: neither a policy that was relaxed later nor one that was tightened is got around. Approvals that
-- are older than the policy allows, and people whose role was taken away, do not count.
CREATE FUNCTION watchkeeper._assignment(p_number bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    r request;
    body jsonb;
    wanted jsonb;
    people text[];
    filled text[];
    complete boolean;
BEGIN
    SELECT * INTO r FROM request WHERE number = p_number;
    body := (_policy(r.platform)).body;
    wanted := coalesce(r.slots, body -> 'approvals' -> r.risk);
    people := ARRAY(SELECT person FROM approval a WHERE a.number = r.number AND a.revision = r.revision AND verdict = 'approve'
                    AND a.plan_sha256 = r.plan_sha256 AND person NOT IN (r.requester, r.editor)
                    AND a.at > clock_timestamp() - make_interval(hours => (body ->> 'approval_hours')::int) ORDER BY a.at);
    filled := _fill(wanted, r.platform, people);
    complete := r.rule IS NOT NULL
             OR (NOT _has_gap(filled) AND jsonb_array_length(wanted) > 0
                 AND (r.template_version IS NOT NULL OR NOT _has_gap(_fill(body -> 'approvals' -> r.risk, r.platform, people))));
    RETURN jsonb_build_object('complete', complete, 'rule', r.rule, 'slots',
        (SELECT coalesce(jsonb_agg(jsonb_build_object('roles', s.roles, 'person', filled[s.place]) ORDER BY s.place), '[]')
         FROM jsonb_array_elements(wanted) WITH ORDINALITY s (roles, place)));
END $$;

-- What a list shows of a request that waits.
CREATE FUNCTION watchkeeper.waiting_for(p_number bigint) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$ SELECT _assignment(p_number) $$;

-- A request as every function returns it.
CREATE FUNCTION watchkeeper._request_json(p_number bigint) RETURNS jsonb LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT (to_jsonb(r) - 'slots') || jsonb_build_object('computed_risk', v.computed_risk, 'steps', v.steps,
               'approvals', _assignment(r.number), 'conflicts', conflicts(r.number))
    FROM request r JOIN revision v ON v.number = r.number AND v.revision = r.revision WHERE r.number = p_number
$$;

-- Makes a locked, submitted request an approved one, for as long as the policy lets an approval stand.
CREATE FUNCTION watchkeeper._approved(r watchkeeper.request, p_rule text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    UPDATE request SET state = 'approved', rule = p_rule, approved_at = clock_timestamp(), expires_at = least(
        clock_timestamp() + make_interval(hours => ((_policy(r.platform)).body ->> 'approval_hours')::int), r.not_after)
    WHERE number = r.number
$$;

CREATE FUNCTION watchkeeper._verdict(r watchkeeper.request, p_verdict text, p_comment text, p_step_up boolean) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    INSERT INTO approval (number, revision, person, verdict, plan_sha256, comment, step_up)
    VALUES (r.number, r.revision, session_user, p_verdict, r.plan_sha256, coalesce(p_comment, ''), p_step_up)
    ON CONFLICT (number, revision, person) DO UPDATE SET verdict = excluded.verdict, comment = excluded.comment,
        step_up = excluded.step_up, at = clock_timestamp()
$$;

CREATE FUNCTION watchkeeper.approve_request(p_number bigint, p_revision int, p_sha256 text, p_comment text, p_code text)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    r request := _lock_as_seen(p_number, p_revision, p_sha256);
    body jsonb := (_policy(r.platform)).body;
    asked boolean := body -> 'step_up' ? r.risk OR r.risk = 'high';
    roles text[] := _roles(session_user, r.platform);
    mine approval;
    done boolean;
BEGIN
    PERFORM _require_state(r, 'approved', 'submitted'), _require_fresh(r);
    IF session_user IN (r.requester, r.editor) THEN
        PERFORM _fail('WK403', format('Nobody approves what they wrote: request %s is by %s, edited by %s.', r.number, r.requester,
                      r.editor), 'Somebody else has to look at it.');
    END IF;
    IF NOT EXISTS (SELECT FROM jsonb_array_elements(r.slots || (body -> 'approvals' -> r.risk)) s WHERE s ?| roles) THEN
        PERFORM _fail('WK403', format('None of your roles is asked for by request %s.', r.number),
                      'It waits for: ' || (SELECT string_agg(DISTINCT role, ', ') FROM jsonb_array_elements(r.slots) s,
                                           jsonb_array_elements_text(s) role) || '.');
    END IF;
    SELECT * INTO mine FROM approval WHERE number = r.number AND revision = r.revision AND person = session_user;
    IF mine.verdict = 'approve' AND mine.at > clock_timestamp() - make_interval(hours => (body ->> 'approval_hours')::int) THEN
        PERFORM _fail('WK409', format('You approved revision %s of request %s already.', r.revision, r.number),
                      'One person counts once.');
    END IF;
    PERFORM _plain(p_comment, 'comment', 4000);
    IF asked THEN
        PERFORM _step_up(p_code);
    END IF;
    PERFORM _verdict(r, 'approve', p_comment, asked);
    done := (_assignment(r.number) ->> 'complete')::boolean;
    IF done THEN
        PERFORM _approved(r, NULL);
    END IF;
    PERFORM _notify('request', r.number, CASE WHEN done THEN 'approved' ELSE 'submitted' END, r.revision);
    PERFORM _audit('request.approve', r.number, jsonb_build_object('revision', r.revision, 'sha256', r.plan_sha256,
                   'comment', p_comment, 'step_up', asked, 'roles', to_jsonb(roles), 'state', CASE WHEN done THEN 'approved' ELSE 'submitted' END));
    RETURN _request_json(r.number);
END $$;

-- One rejection is enough, also of what others have approved, as long as it does not run; only a new revision leads on.
CREATE FUNCTION watchkeeper.reject_request(p_number bigint, p_revision int, p_sha256 text, p_comment text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    r request := _lock_as_seen(p_number, p_revision, p_sha256);
BEGIN
    PERFORM _require_role(r.platform, _writers(), 'reject a request');
    PERFORM _require_state(r, 'rejected', 'submitted', 'approved', 'scheduled');
    IF session_user = r.requester THEN
        PERFORM _fail('WK403', 'Nobody rejects their own request.', 'Cancel it, or edit it.');
    END IF;
    PERFORM _reason(p_comment, 'comment', 3, 4000);
    PERFORM _verdict(r, 'reject', p_comment, false), _set_state(r.number, 'rejected');
    PERFORM _audit('request.reject', r.number, jsonb_build_object('revision', r.revision, 'sha256', r.plan_sha256,
                   'comment', p_comment, 'state', 'rejected'));
    RETURN _request_json(r.number);
END $$;

-- Narrows the time inside what was approved.
CREATE FUNCTION watchkeeper.schedule_request(p_number bigint, p_revision int, p_not_before timestamptz, p_not_after timestamptz)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    r request := _lock_revision(p_number, p_revision);
    f jsonb;
BEGIN
    IF session_user <> r.requester THEN
        PERFORM _require_role(r.platform, ARRAY['operator', 'operations', 'tech-lead'], 'schedule a request');
    END IF;
    PERFORM _require_state(r, 'scheduled', 'approved', 'scheduled'), _require_fresh(r);
    SELECT fields INTO f FROM revision WHERE number = r.number AND revision = r.revision;
    IF p_not_before IS NULL OR p_not_after IS NULL OR p_not_before >= p_not_after OR NOT isfinite(p_not_before)
       OR NOT isfinite(p_not_after) THEN
        PERFORM _fail('WK400', 'A schedule has a beginning and a later end.');
    END IF;
    IF p_not_before < _moment(f, 'not_before') OR p_not_after > _moment(f, 'not_after')
       OR p_not_after > r.approved_at + make_interval(hours => ((_policy(r.platform)).body ->> 'approval_hours')::int) THEN
        PERFORM _fail('WK403', 'The schedule goes beyond the time that was approved.', 'Stay inside it, or edit the request.');
    END IF;
    PERFORM _require_moment(r, greatest(p_not_before, clock_timestamp()), p_not_after);
    UPDATE request SET state = 'scheduled', not_before = p_not_before, not_after = p_not_after WHERE number = r.number;
    PERFORM _notify('request', r.number, 'scheduled', r.revision);
    PERFORM _audit('request.schedule', r.number, jsonb_build_object('revision', r.revision, 'not_before', p_not_before,
                   'not_after', p_not_after, 'state', 'scheduled'));
    RETURN _request_json(r.number);
END $$;

RESET ROLE;
