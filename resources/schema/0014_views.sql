-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the cockpit reads. The time in a view is that of the statement: clock_timestamp() is volatile, and a view with it
-- is made whole before anything is filtered or cut off.

SET LOCAL ROLE watchkeeper_owner;

CREATE VIEW watchkeeper.request_list AS
SELECT r.number, r.platform, r.title, r.type, r.state, r.revision, r.plan_sha256, r.risk, r.requester, r.editor, r.incident, r.template,
       r.template_version, r.after_the_fact, r.rule, r.not_before, r.not_after, r.created_at, r.submitted_at, r.approved_at, r.expires_at,
       r.ended_at, coalesce(r.state IN ('submitted', 'approved', 'scheduled') AND r.expires_at <= statement_timestamp(), false) AS expired,
       CASE WHEN r.state = 'submitted' THEN watchkeeper.waiting_for(r.number) END AS waiting_for,
       (SELECT e.executor FROM watchkeeper.execution e WHERE e.number = r.number AND e.revision = r.revision) AS executor,
       EXISTS (SELECT FROM watchkeeper.review v WHERE v.number = r.number AND v.verdict IS NULL) AS review_open
FROM watchkeeper.request r;

CREATE VIEW watchkeeper.request_detail AS
SELECT l.*, v.fields, v.plan, v.declared_risk, v.computed_risk, v.steps, v.at AS revised_at, r.slots, r.policy_version,
       watchkeeper.waiting_for(l.number) AS approvals, watchkeeper.conflicts(l.number) AS conflicts,
       (SELECT jsonb_agg(to_jsonb(t) - 'number' - 'revision') FROM watchkeeper.request_target t
        WHERE t.number = l.number AND t.revision = l.revision) AS targets
FROM watchkeeper.request_list l JOIN watchkeeper.request r ON r.number = l.number
JOIN watchkeeper.revision v ON v.number = l.number AND v.revision = l.revision;

CREATE VIEW watchkeeper.approval_list AS
SELECT a.*, a.revision = r.revision AND r.state NOT IN ('draft', 'rejected') AS counts
FROM watchkeeper.approval a JOIN watchkeeper.request r ON r.number = a.number;

CREATE VIEW watchkeeper.execution_list AS
SELECT e.*, e.ended_at IS NULL AND e.lease_until <= statement_timestamp() AS lease_dead,
       (SELECT jsonb_agg(jsonb_build_object('person', h.person, 'at', h.at, 'reason', h.reason) ORDER BY h.at)
        FROM watchkeeper.execution_holder h WHERE h.execution = e.id) AS holders
FROM watchkeeper.execution e;

CREATE VIEW watchkeeper.step_list AS
SELECT e.number, e.revision, s.*, v.plan::jsonb #> ARRAY['steps', (abs(s.step) - 1)::text] AS plan_step
FROM watchkeeper.step s JOIN watchkeeper.execution e ON e.id = s.execution
JOIN watchkeeper.revision v ON v.number = e.number AND v.revision = e.revision;

-- Windows that stand, with the occurrences of the next four weeks.
CREATE FUNCTION watchkeeper.window_occurrences(p_id bigint, p_from timestamptz, p_to timestamptz)
RETURNS TABLE (starts timestamptz, ends timestamptz) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT o.starts, o.ends FROM time_window w, _occurrences(w, p_from, least(p_to, p_from + interval '400 days')) o
    WHERE w.id = p_id AND isfinite(p_from) AND isfinite(p_to) ORDER BY 1 LIMIT 1000
$$;
CREATE VIEW watchkeeper.window_list AS
SELECT w.*, EXISTS (SELECT FROM watchkeeper.window_occurrences(w.id, statement_timestamp(), statement_timestamp() + interval '1 second')) AS active,
       (SELECT jsonb_agg(jsonb_build_object('starts', o.starts, 'ends', o.ends) ORDER BY o.starts)
        FROM watchkeeper.window_occurrences(w.id, statement_timestamp(), statement_timestamp() + interval '28 days') o) AS occurrences
FROM watchkeeper.time_window w WHERE w.removed_at IS NULL;

CREATE VIEW watchkeeper.review_list AS
SELECT v.*, r.title, r.platform, r.requester, r.state, v.verdict IS NULL AND v.due_at <= statement_timestamp() AS overdue
FROM watchkeeper.review v JOIN watchkeeper.request r ON r.number = v.number;

CREATE VIEW watchkeeper.audit_list AS
SELECT seq, at, person, action, number, detail, entry, encode(prev_hash, 'hex') AS prev_hash, encode(row_hash, 'hex') AS row_hash
FROM watchkeeper.audit;

CREATE VIEW watchkeeper.policy_list AS
SELECT p.*, p.version = max(p.version) OVER (PARTITION BY p.platform) AS current FROM watchkeeper.policy p;

CREATE FUNCTION watchkeeper.template_approved(p_name text, p_version int) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT _template_approved(t) FROM template t WHERE name = p_name AND version = p_version
$$;
CREATE VIEW watchkeeper.template_list AS
SELECT t.*, watchkeeper.template_approved(t.name, t.version) AS approved,
       (SELECT jsonb_agg(a.person ORDER BY a.at) FROM watchkeeper.template_approval a WHERE a.name = t.name AND a.version = t.version) AS approvers
FROM watchkeeper.template t;

CREATE FUNCTION watchkeeper.whoami() RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, watchkeeper, pg_temp SET client_min_messages = warning SET debug_print_plan = off AS $$
DECLARE
    mine totp_secret;
    tries int := 0;
    last_at bigint;
BEGIN
    SELECT * INTO mine FROM totp_secret WHERE person = session_user;
    IF FOUND THEN
        SELECT t.tries, t.last_at INTO tries, last_at FROM _tries(mine.id) t;
    END IF;
    RETURN jsonb_build_object('person', session_user, 'admin', _is_admin(session_user),
        'roles', CASE WHEN _solo() THEN (SELECT jsonb_agg(jsonb_build_object('role', x, 'platform', '*')) FROM unnest(_roles(session_user, '*')) x)
                 ELSE (SELECT coalesce(jsonb_agg(jsonb_build_object('role', role, 'platform', platform) ORDER BY platform, role), '[]')
                       FROM person_role WHERE person = session_user) END,
        'totp', CASE WHEN mine.person IS NULL THEN 'none' WHEN mine.confirmed_at IS NULL THEN 'pending' ELSE 'confirmed' END,
        'totp_locked_until', CASE WHEN tries >= 5 THEN to_timestamp(last_at + 900) END,
        'policy', (SELECT mode FROM store), 'schema_version', (SELECT max(version) FROM schema_version),
        'open_reviews', (SELECT count(*) FROM review WHERE verdict IS NULL),
        'audit_head', (SELECT jsonb_build_object('seq', seq, 'hash', encode(hash, 'hex')) FROM audit_head));
END $$;

RESET ROLE;
