-- SPDX-License-Identifier: GPL-3.0-or-later
-- "Rolled back" is said only of what was taken back: every step that was carried out and whose way back was recorded
-- stands there as taken back, or there is a word on it why not. What is left without one has to be named, with a reason.

SET LOCAL ROLE watchkeeper_owner;

-- The steps of an execution that were carried out, have a recorded way back, and of which nobody has said that they were
-- taken back, needed no taking back, or why they could not be.
CREATE FUNCTION watchkeeper._not_taken_back(p_execution bigint) RETURNS int[] LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT coalesce(array_agg(s.step ORDER BY s.step), '{}') FROM step s
    LEFT JOIN step b ON b.execution = s.execution AND b.step = -s.step
    WHERE s.execution = p_execution AND s.step > 0 AND s.state IN ('done', 'failed')
      AND (jsonb_typeof(s.before -> 'inverse') = 'array' AND s.before -> 'inverse' <> '[]'
           OR jsonb_typeof(s.result -> 'inverse') = 'array' AND s.result -> 'inverse' <> '[]')
      AND (b.state IS NULL OR b.state <> 'done' AND NOT (b.state = 'skipped'
           AND (b.result ? 'nothingToDo' OR length(btrim(coalesce(b.result ->> 'sentence', ''))) >= 3)))
$$;

DROP FUNCTION watchkeeper.finish_execution(bigint, text, text, text);
-- p_left: of an execution that ends as rolled back the steps that stay as they are, all of them; p_note then says why.
CREATE FUNCTION watchkeeper.finish_execution(p_execution bigint, p_token text, p_outcome text, p_note text, p_left int[] DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    e execution := _lock_execution(p_execution, p_token);
    open_step int;
    remaining int[] := '{}';
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
    IF p_outcome = 'rolled_back' THEN
        remaining := _not_taken_back(e.id);
        IF NOT EXISTS (SELECT FROM step WHERE execution = e.id AND step < 0)
           OR EXISTS (SELECT FROM step WHERE execution = e.id AND step < 0 AND state = 'failed') THEN
            PERFORM _fail('WK422', 'Nothing was rolled back, or a step of the rollback failed.', 'End it as failed.');
        END IF;
        IF cardinality(remaining) > 0 AND (SELECT array_agg(DISTINCT x ORDER BY x) FROM unnest(p_left) x) IS DISTINCT FROM remaining THEN
            PERFORM _fail('WK422', format('Not rolled back: step %s.', array_to_string(remaining, ', ')),
                          'Take them back, name them as left with a reason, or end it as failed.');
        END IF;
    END IF;
    IF cardinality(remaining) > 0 THEN
        PERFORM _reason(p_note, 'note', 10, 20000);
    ELSIF cardinality(p_left) > 0 THEN
        PERFORM _fail('WK400', 'No step is left that could be named.');
    END IF;
    UPDATE execution SET ended_at = clock_timestamp(), outcome = p_outcome, note = p_note WHERE id = e.id;
    PERFORM _set_state(e.number, p_outcome), _notify('execution', e.number, p_outcome, e.revision);
    PERFORM _audit('execution.finish', e.number, jsonb_build_object('execution', e.id, 'note', p_note, 'state', p_outcome,
                   'left', CASE WHEN cardinality(remaining) > 0 THEN to_jsonb(remaining) END));
    RETURN _request_json(e.number);
END $$;

GRANT EXECUTE ON FUNCTION watchkeeper.finish_execution(bigint, text, text, text, int[]) TO watchkeeper_people;

RESET ROLE;
