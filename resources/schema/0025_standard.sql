-- SPDX-License-Identifier: GPL-3.0-or-later
-- A template's lighter approvals are good for as long as the template stands: once it is replaced, or somebody who
-- approved it has lost the role, its requests need what every other one needs.

SET LOCAL ROLE watchkeeper_owner;

-- The approvals of the current revision against the slots that were asked for at submission, and against those of the
-- policy of today: neither a policy that was relaxed later nor one that was tightened is got around. Approvals that are
-- older than the policy allows, and people whose role was taken away, do not count.
CREATE OR REPLACE FUNCTION watchkeeper._assignment(p_number bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    r request;
    body jsonb;
    asked jsonb; -- at submission
    general jsonb; -- by the policy of today
    wanted jsonb;
    people text[];
    filled text[];
    standard boolean;
    complete boolean;
BEGIN
    SELECT * INTO r FROM request WHERE number = p_number;
    body := (_policy(r.platform)).body;
    general := body -> 'approvals' -> r.risk;
    asked := coalesce(r.slots, general);
    standard := r.template_version IS NOT NULL AND _template_stands(r);
    wanted := CASE WHEN r.template_version IS NOT NULL AND NOT standard AND r.rule IS NULL THEN general ELSE asked END;
    people := ARRAY(SELECT person FROM approval a WHERE a.number = r.number AND a.revision = r.revision AND verdict = 'approve'
                    AND a.plan_sha256 = r.plan_sha256 AND person NOT IN (r.requester, r.editor)
                    AND a.at > clock_timestamp() - make_interval(hours => (body ->> 'approval_hours')::int) ORDER BY a.at);
    filled := _fill(wanted, r.platform, people);
    complete := r.rule IS NOT NULL
             OR (NOT _has_gap(_fill(asked, r.platform, people)) AND jsonb_array_length(asked) > 0
                 AND (standard OR NOT _has_gap(_fill(general, r.platform, people))));
    RETURN jsonb_build_object('complete', complete, 'rule', r.rule, 'slots',
        (SELECT coalesce(jsonb_agg(jsonb_build_object('roles', s.roles, 'person', filled[s.place]) ORDER BY s.place), '[]')
         FROM jsonb_array_elements(wanted) WITH ORDINALITY s (roles, place)));
END $$;

SELECT watchkeeper._seal();

RESET ROLE;
