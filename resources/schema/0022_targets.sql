-- SPDX-License-Identifier: GPL-3.0-or-later
-- An object is what the API server takes it for: its group and its resource. The kind is for reading, so it has to be
-- written as a kind; what asks a database counts as what runs in one; a namespace's freeze holds for the namespace itself.

SET LOCAL ROLE watchkeeper_owner;

-- The second half of an object's name for the API server. A database or a command has none and goes by its kind.
CREATE FUNCTION watchkeeper._resource(t jsonb) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT lower(split_part(coalesce(nullif(t ->> 'resource', ''), t ->> 'kind'), '/', 1))
$$;

-- The first half. The same objects once had another group, by which they are still reached.
CREATE FUNCTION watchkeeper._group(t jsonb) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT CASE WHEN t ->> 'group' IS DISTINCT FROM 'extensions' THEN coalesce(t ->> 'group', '')
                WHEN _resource(t) IN ('ingresses', 'networkpolicies', 'ingress', 'networkpolicy') THEN 'networking.k8s.io'
                ELSE 'apps' END
$$;

-- A target as the client's own reader takes it, and no other. Classes are written out: what a backslash means in a text
-- is the session's setting.
CREATE FUNCTION watchkeeper._check_target(step jsonb, what text) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    t jsonb := step -> 'target';
    outside text := CASE WHEN step ->> 'action' = 'runSql' OR step ->> 'check' = 'sql' THEN 'Database'
                         WHEN step ->> 'action' = 'runCommand' THEN 'Command' END;
    form record;
BEGIN
    IF outside IS NOT NULL AND (t ->> 'kind' IS DISTINCT FROM outside OR t ?| ARRAY['group', 'version', 'resource', 'namespace']) THEN
        PERFORM _fail('WK400', format('%s has to have a target of kind %s: cluster, kind and name.', what, outside));
    ELSIF outside IS NULL AND step ? 'action' AND (coalesce(t ->> 'resource', '') = '' OR t ->> 'kind' IN ('Database', 'Command')) THEN
        PERFORM _fail('WK400', what || ' has a target without a resource.');
    END IF;
    FOR form IN SELECT * FROM (VALUES ('kind', '^[A-Z][A-Za-z0-9]{0,62}$'), ('resource', '^([a-z][a-z0-9]{0,62})?$'),
                                      ('group', '^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)?$'),
                                      ('namespace', '^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)?$')) v (key, pattern) LOOP
        IF t ->> form.key !~ form.pattern THEN
            PERFORM _fail('WK400', format('%s has a target with the %s "%s", which is none.', what, form.key, left(t ->> form.key, 60)),
                          CASE form.key WHEN 'kind' THEN 'Write it as Kubernetes does: Deployment.' ELSE '' END);
        END IF;
    END LOOP;
END $$;

ALTER FUNCTION watchkeeper._check_step(jsonb, bigint) RENAME TO _check_step_form;
CREATE FUNCTION watchkeeper._check_step(step jsonb, place bigint) RETURNS void LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT _check_step_form(step, place);
    SELECT _check_target(step, 'Step ' || place) WHERE step ? 'target' OR step ->> 'check' = 'sql'
$$;

CREATE OR REPLACE FUNCTION watchkeeper._step_risk(p_platform text, p_step jsonb) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT CASE
        WHEN class <> 'development' AND (t ->> 'namespace' IN ('kube-system', 'kube-public', 'kube-node-lease')
            OR lower(t ->> 'group') IN ('rbac.authorization.k8s.io', 'apiextensions.k8s.io', 'admissionregistration.k8s.io',
                                        'apiregistration.k8s.io')
            OR _resource(t) IN ('namespaces', 'persistentvolumes', 'persistentvolumeclaims', 'secrets', 'serviceaccounts')
            OR lower(t ->> 'kind') IN ('namespace', 'persistentvolume', 'persistentvolumeclaim', 'secret', 'serviceaccount')
            OR coalesce(t ->> 'resource', '') <> '' AND NOT _is_plural(t ->> 'resource', t ->> 'kind'))
        THEN 'high'
        WHEN class = 'production' AND p_step ->> 'action' = 'scale' AND p_step #>> '{parameters,replicas}' = '0' THEN 'high'
        ELSE (SELECT CASE class WHEN 'development' THEN development WHEN 'staging' THEN staging ELSE production END
              FROM action_risk WHERE action = CASE WHEN p_step ->> 'check' = 'sql' THEN 'runSql' ELSE p_step ->> 'action' END) END
    FROM (SELECT p_step -> 'target' AS t, _class(p_platform, p_step #>> '{target,cluster}') AS class) x
$$;

CREATE OR REPLACE FUNCTION watchkeeper._plan_risk(plan jsonb) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT coalesce((SELECT risk FROM (SELECT _step_risk(plan ->> 'platform', step) AS risk
                     FROM jsonb_array_elements(plan -> 'steps') step WHERE _changes_something(step)) r
                     ORDER BY _risk_rank(risk) DESC LIMIT 1), 'low')
$$;

-- What a revision touches, by resource; "asks": a database that only checks ask. That one is held by nobody.
ALTER TABLE watchkeeper.request_target ADD resource text NOT NULL DEFAULT '', ADD asks boolean NOT NULL DEFAULT false;
ALTER TABLE watchkeeper.held_target ADD resource text NOT NULL DEFAULT '';

DROP FUNCTION watchkeeper._plan_targets(jsonb);
-- The objects that a plan changes, each once, and the databases that it asks.
CREATE FUNCTION watchkeeper._plan_targets(plan jsonb)
RETURNS TABLE (cluster text, api_group text, kind text, namespace text, name text, actions text[], resource text, asks boolean)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT t ->> 'cluster', _group(t), max(t ->> 'kind' COLLATE "C"), coalesce(t ->> 'namespace', ''), coalesce(t ->> 'name', ''),
           array_agg(DISTINCT coalesce(step ->> 'action', 'check')), _resource(t), NOT bool_or(step ? 'action')
    FROM jsonb_array_elements(plan -> 'steps') step, LATERAL (SELECT step -> 'target' AS t) x WHERE _changes_something(step)
    GROUP BY t ->> 'cluster', _group(t), _resource(t), coalesce(t ->> 'namespace', ''), coalesce(t ->> 'name', '')
$$;

-- What is stored already, from the plans themselves.
ALTER TABLE watchkeeper.request_target DISABLE TRIGGER keep_rows;
UPDATE watchkeeper.request_target t SET resource = lower(t.kind);
UPDATE watchkeeper.request_target t SET resource = x.resource
FROM (SELECT v.number, v.revision, p.* FROM watchkeeper.revision v, watchkeeper._plan_targets(v.plan::jsonb) p) x
WHERE x.number = t.number AND x.revision = t.revision AND x.cluster = t.cluster AND x.kind = t.kind AND x.namespace = t.namespace
  AND x.name = t.name;
DELETE FROM watchkeeper.request_target t USING watchkeeper.request_target o WHERE o.number = t.number AND o.revision = t.revision
    AND o.cluster = t.cluster AND o.api_group = t.api_group AND o.resource = t.resource AND o.namespace = t.namespace AND o.name = t.name
    AND o.ctid < t.ctid;
ALTER TABLE watchkeeper.request_target ENABLE TRIGGER keep_rows;
ALTER TABLE watchkeeper.request_target DROP CONSTRAINT request_target_pkey,
    ADD PRIMARY KEY (number, revision, cluster, api_group, resource, namespace, name);

UPDATE watchkeeper.held_target h SET resource = coalesce((SELECT t.resource FROM watchkeeper.request_target t
    JOIN watchkeeper.request r ON r.number = t.number AND r.revision = t.revision WHERE t.number = h.number AND t.cluster = h.cluster
    AND t.kind = h.kind AND t.namespace = h.namespace AND t.name = h.name LIMIT 1), lower(h.kind));
DELETE FROM watchkeeper.held_target h USING watchkeeper.held_target o WHERE o.hold = h.hold AND o.platform = h.platform
    AND o.cluster = h.cluster AND o.api_group = h.api_group AND o.resource = h.resource AND o.namespace = h.namespace AND o.name = h.name
    AND o.number < h.number;
ALTER TABLE watchkeeper.held_target DROP CONSTRAINT held_target_pkey,
    ADD PRIMARY KEY (hold, platform, cluster, api_group, resource, namespace, name);

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
                   'platform', r.platform, 'title', r.title, 'state', 'draft'));
    RETURN _request_json(r.number);
END $$;

-- Holds a request's objects, in one order for everybody. An object of another open request refuses; one whose request has
-- expired lets go. Glass does not wait for a plan of tomorrow: then what is held by others is left with them.
CREATE OR REPLACE FUNCTION watchkeeper._hold_each(r watchkeeper.request, p_hold text, p_yield boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    t request_target;
    holder request;
BEGIN
    FOR t IN SELECT * FROM request_target WHERE number = r.number AND revision = r.revision AND NOT asks
             ORDER BY cluster, api_group, resource, namespace, name LOOP
        LOOP
            INSERT INTO held_target (hold, platform, cluster, api_group, resource, namespace, name, number, kind)
            VALUES (p_hold, r.platform, t.cluster, t.api_group, t.resource, t.namespace, t.name, r.number, t.kind) ON CONFLICT DO NOTHING;
            EXIT WHEN FOUND;
            SELECT o.* INTO holder FROM held_target h JOIN request o ON o.number = h.number
            WHERE h.hold = p_hold AND h.platform = r.platform AND h.cluster = t.cluster AND h.api_group = t.api_group
              AND h.resource = t.resource AND h.namespace = t.namespace AND h.name = t.name;
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

CREATE OR REPLACE FUNCTION watchkeeper.conflicts(p_number bigint) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('number', number, 'title', title, 'state', state, 'same', same)
                              ORDER BY same DESC, number), '[]')
    FROM (SELECT o.number, o.title, o.state, CASE WHEN bool_or((t.api_group, t.resource, t.name) = (ot.api_group, ot.resource, ot.name))
                      THEN 'object' ELSE 'namespace' END AS same
          FROM request r
          -- The open ones first, which are few, however many there were: OFFSET keeps the planner from another order.
          JOIN LATERAL (SELECT * FROM request WHERE state IN ('submitted', 'approved', 'scheduled', 'running')
                        AND platform = r.platform AND number <> r.number OFFSET 0) o ON true
          JOIN request_target ot ON ot.number = o.number AND ot.revision = o.revision
          JOIN request_target t ON t.number = r.number AND t.revision = r.revision
               AND t.cluster = ot.cluster AND t.namespace = ot.namespace
          WHERE r.number = p_number AND NOT (t.asks AND ot.asks)
            AND (t.namespace <> '' OR (t.api_group, t.resource, t.name) = (ot.api_group, ot.resource, ot.name))
          GROUP BY o.number, o.title, o.state LIMIT 100) c
$$;

-- A namespace itself counts as standing in it. What stands in none reaches into all of them, so it meets the freeze of
-- each; not so a database that is only asked.
CREATE OR REPLACE FUNCTION watchkeeper._covers(w watchkeeper.time_window, p_platform text, t watchkeeper.request_target)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT w.platform IN ('*', p_platform) AND w.cluster IN ('*', t.cluster) AND (w.namespace IN ('*', t.namespace)
        OR CASE WHEN (t.api_group, t.resource) = ('', 'namespaces') THEN w.namespace = t.name
                ELSE w.kind = 'freeze' AND t.namespace = '' AND NOT t.asks END)
$$;

SELECT watchkeeper._seal();

RESET ROLE;
