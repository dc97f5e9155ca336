-- SPDX-License-Identifier: GPL-3.0-or-later
-- Change requests, their revisions, what they touch, and the legal ways from one state to the next.

SET LOCAL ROLE watchkeeper_owner;

CREATE TABLE watchkeeper.transition (
    before text NOT NULL,
    after text NOT NULL,
    PRIMARY KEY (before, after)
);
-- A way back to draft is a new revision. draft and submitted reach approved by glass, template, or in a private store.
INSERT INTO watchkeeper.transition (before, after) VALUES
    ('draft', 'submitted'), ('draft', 'approved'), ('draft', 'cancelled'),
    ('submitted', 'approved'), ('submitted', 'rejected'), ('submitted', 'cancelled'), ('submitted', 'draft'),
    ('approved', 'scheduled'), ('approved', 'running'), ('approved', 'rejected'), ('approved', 'cancelled'),
    ('approved', 'draft'), ('approved', 'closed'),
    ('scheduled', 'running'), ('scheduled', 'rejected'), ('scheduled', 'cancelled'), ('scheduled', 'draft'),
    ('rejected', 'draft'), ('rejected', 'cancelled'),
    ('running', 'verified'), ('running', 'failed'), ('running', 'rolled_back'),
    ('verified', 'closed'), ('failed', 'closed'), ('rolled_back', 'closed');

CREATE TABLE watchkeeper.request (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    platform text NOT NULL,
    title text NOT NULL,
    type text NOT NULL CHECK (type IN ('deployment', 'configuration', 'infrastructure', 'security')),
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'submitted', 'approved', 'scheduled', 'running', 'verified',
        'failed', 'rolled_back', 'closed', 'rejected', 'cancelled')),
    revision int NOT NULL DEFAULT 1 CHECK (revision BETWEEN 1 AND 1000),
    plan_sha256 text NOT NULL CHECK (plan_sha256 ~ '^[0-9a-f]{64}$'),
    risk text NOT NULL CHECK (risk IN ('low', 'medium', 'high')), -- the higher of declared and computed
    requester text NOT NULL,
    editor text NOT NULL, -- of this revision
    incident text,
    template text,
    template_version int,
    after_the_fact boolean NOT NULL DEFAULT false,
    not_before timestamptz, -- what was asked for; narrowed by schedule_request
    not_after timestamptz,
    slots jsonb, -- the approvals that the policy asked for at submission
    policy_version int,
    rule text CHECK (rule IN ('template', 'solo', 'development', 'glass')), -- approved by this instead of by people
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    submitted_at timestamptz,
    expires_at timestamptz, -- of the request, and once it is approved of the approval
    approved_at timestamptz,
    ended_at timestamptz,
    CHECK (not_before < not_after),
    CHECK (state <> 'submitted' OR slots IS NOT NULL)
);
CREATE INDEX request_state ON watchkeeper.request (state, number);
CREATE INDEX request_requester ON watchkeeper.request (requester, number);
CREATE INDEX request_created ON watchkeeper.request (created_at);
CREATE INDEX request_open ON watchkeeper.request (requester)
    WHERE state IN ('draft', 'submitted', 'approved', 'scheduled', 'rejected');
-- What people look for: any part of a title, a name or an incident.
DO $$
BEGIN
    EXECUTE format('CREATE INDEX request_text ON watchkeeper.request USING gin (title %1$I.gin_trgm_ops, '
                   'requester %1$I.gin_trgm_ops, incident %1$I.gin_trgm_ops)', watchkeeper._extension('pg_trgm'));
END $$;

CREATE TABLE watchkeeper.revision (
    number bigint NOT NULL REFERENCES watchkeeper.request,
    revision int NOT NULL,
    editor text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    fields jsonb NOT NULL,
    plan text NOT NULL,
    plan_sha256 text NOT NULL CHECK (plan_sha256 = encode(sha256(convert_to(plan, 'UTF8')), 'hex')),
    declared_risk text NOT NULL,
    computed_risk text NOT NULL,
    steps int NOT NULL,
    PRIMARY KEY (number, revision)
);
CREATE INDEX revision_editor ON watchkeeper.revision (editor, at);

CREATE TABLE watchkeeper.request_target (
    number bigint NOT NULL,
    revision int NOT NULL,
    cluster text NOT NULL,
    api_group text NOT NULL,
    kind text NOT NULL,
    namespace text NOT NULL,
    name text NOT NULL,
    actions text[] NOT NULL,
    PRIMARY KEY (number, revision, cluster, api_group, kind, namespace, name),
    FOREIGN KEY (number, revision) REFERENCES watchkeeper.revision
);

-- The objects that open requests hold: one request each. 'open' from submission on, 'running' while steps are carried
-- out. The key is what decides between two submissions, or two executions, at the same moment.
CREATE TABLE watchkeeper.held_target (
    hold text NOT NULL CHECK (hold IN ('open', 'running')),
    platform text NOT NULL,
    cluster text NOT NULL,
    api_group text NOT NULL,
    kind text NOT NULL,
    namespace text NOT NULL,
    name text NOT NULL,
    number bigint NOT NULL REFERENCES watchkeeper.request,
    PRIMARY KEY (hold, platform, cluster, api_group, kind, namespace, name)
);
CREATE INDEX held_target_number ON watchkeeper.held_target (number);

-- Guards the table itself: no function, and nobody who can write it, gets past the legal ways.
CREATE FUNCTION watchkeeper._request_keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'TRUNCATE' THEN
        PERFORM _fail('WK403', 'A request is never removed; cancel it.');
    END IF;
    IF NEW.number <> OLD.number OR NEW.requester <> OLD.requester OR NEW.created_at <> OLD.created_at
       OR NEW.platform <> OLD.platform THEN
        PERFORM _fail('WK403', 'Number, requester and platform of a request never change.');
    END IF;
    IF NEW.revision <> OLD.revision THEN
        IF NEW.revision <> OLD.revision + 1 OR NEW.state <> 'draft' THEN
            PERFORM _fail('WK422', 'A new revision is the next number and begins as a draft.');
        END IF;
    ELSIF (NEW.plan_sha256, NEW.editor, NEW.risk) IS DISTINCT FROM (OLD.plan_sha256, OLD.editor, OLD.risk)
          AND NOT (NEW.state = 'submitted' AND NEW.plan_sha256 = OLD.plan_sha256 AND NEW.editor = OLD.editor) THEN
        PERFORM _fail('WK422', 'The plan of a request changes only with a new revision.');
    END IF;
    IF NEW.state <> OLD.state AND NOT EXISTS (SELECT FROM transition WHERE before = OLD.state AND after = NEW.state) THEN
        PERFORM _fail('WK422', format('A request that is %s does not become %s.', OLD.state, NEW.state));
    END IF;
    RETURN NEW;
END $$;
SELECT watchkeeper._guard('watchkeeper.request', '_request_keep');

-- Whatever state a request leaves for, its objects are free again unless it still is open there.
CREATE FUNCTION watchkeeper._request_release() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF NEW.state NOT IN ('submitted', 'approved', 'scheduled', 'running') THEN
        DELETE FROM held_target WHERE number = NEW.number;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER request_release AFTER UPDATE OF state ON watchkeeper.request
    FOR EACH ROW EXECUTE FUNCTION watchkeeper._request_release();

CREATE FUNCTION watchkeeper._revision_keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    PERFORM _fail('WK403', 'What a revision says never changes; make a new one.');
    RETURN NULL;
END $$;
SELECT watchkeeper._guard('watchkeeper.revision', '_revision_keep');
SELECT watchkeeper._guard('watchkeeper.request_target', '_revision_keep');

-- Locks a request. Every function that touches one does this before it locks anything else.
CREATE FUNCTION watchkeeper._lock_request(p_number bigint) RETURNS watchkeeper.request
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    r request;
BEGIN
    PERFORM _me();
    SELECT * INTO r FROM request WHERE number = p_number FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM _fail('WK404', format('There is no request %s.', coalesce(p_number::text, 'without a number')));
    END IF;
    RETURN r;
END $$;

-- Locks a request in the revision that the person has looked at.
CREATE FUNCTION watchkeeper._lock_revision(p_number bigint, p_revision int) RETURNS watchkeeper.request
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    r request := _lock_request(p_number);
BEGIN
    IF p_revision IS DISTINCT FROM r.revision THEN
        PERFORM _fail('WK409', format('Request %s was changed: it is at revision %s now, by %s.', r.number, r.revision, r.editor),
                      'Look at it again before you decide.');
    END IF;
    RETURN r;
END $$;

-- The same with exactly the plan that they have looked at.
CREATE FUNCTION watchkeeper._lock_as_seen(p_number bigint, p_revision int, p_sha256 text) RETURNS watchkeeper.request
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    r request := _lock_revision(p_number, p_revision);
BEGIN
    IF p_sha256 IS DISTINCT FROM r.plan_sha256 THEN
        PERFORM _fail('WK409', format('The plan of request %s is another one than was looked at.', r.number),
                      'Look at it again before you decide.');
    END IF;
    RETURN r;
END $$;

CREATE FUNCTION watchkeeper._require_state(r watchkeeper.request, what text, VARIADIC states text[]) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF r.state <> ALL (states) THEN
        PERFORM _fail('WK422', format('Request %s is %s; it cannot be %s.', r.number, replace(r.state, '_', ' '), what),
                      format('That is possible while it is %s.', array_to_string(states, ' or ')));
    END IF;
END $$;

CREATE FUNCTION watchkeeper._require_fresh(r watchkeeper.request) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF r.expires_at <= clock_timestamp() THEN
        PERFORM _fail('WK410', format('%s of request %s expired at %s UTC.',
                      CASE WHEN r.state = 'submitted' THEN 'The submission' ELSE 'The approval' END, r.number,
                      to_char(r.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')),
                      'Edit the request, which makes a new revision, and submit it again.');
    END IF;
END $$;

-- Brings a request to a state and tells everybody.
CREATE FUNCTION watchkeeper._set_state(p_number bigint, p_state text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    UPDATE request SET state = p_state,
        ended_at = CASE WHEN p_state IN ('verified', 'failed', 'rolled_back', 'cancelled', 'closed')
                        THEN coalesce(ended_at, clock_timestamp()) END
    WHERE number = p_number;
    SELECT _notify('request', p_number, p_state, (SELECT revision FROM request WHERE number = p_number));
$$;

-- Other open requests near this one: those on the same object, and those in the same namespace.
CREATE FUNCTION watchkeeper.conflicts(p_number bigint) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('number', number, 'title', title, 'state', state, 'same', same)
                              ORDER BY same DESC, number), '[]')
    FROM (SELECT o.number, o.title, o.state, CASE WHEN bool_or((t.api_group, t.kind, t.name) = (ot.api_group, ot.kind, ot.name))
                      THEN 'object' ELSE 'namespace' END AS same
          FROM request r
          -- The open ones first, which are few, however many there were: OFFSET keeps the planner from another order.
          JOIN LATERAL (SELECT * FROM request WHERE state IN ('submitted', 'approved', 'scheduled', 'running')
                        AND platform = r.platform AND number <> r.number OFFSET 0) o ON true
          JOIN request_target ot ON ot.number = o.number AND ot.revision = o.revision
          JOIN request_target t ON t.number = r.number AND t.revision = r.revision
               AND t.cluster = ot.cluster AND t.namespace = ot.namespace
          WHERE r.number = p_number AND (t.namespace <> '' OR (t.api_group, t.kind, t.name) = (ot.api_group, ot.kind, ot.name))
          GROUP BY o.number, o.title, o.state LIMIT 100) c
$$;

RESET ROLE;
