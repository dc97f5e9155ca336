-- SPDX-License-Identifier: GPL-3.0-or-later
-- Policy by platform, stored and versioned; the class of every cluster; the least risk of every action.

SET LOCAL ROLE watchkeeper_owner;

CREATE TABLE watchkeeper.policy (
    platform text NOT NULL CHECK (platform <> ''), -- '*': platforms without one of their own
    version int NOT NULL CHECK (version > 0),
    body jsonb NOT NULL,
    set_by text NOT NULL,
    set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (platform, version)
);

-- "approvals": for each risk the slots, each filled by one person who has one of its roles; one person fills one slot.
-- "step_up": risks whose approval asks for a one-time code. "execute": roles that may carry out. Times in hours.
INSERT INTO watchkeeper.policy (platform, version, body, set_by) VALUES ('*', 1, '{
    "approvals": {"low": [["operator", "tech-lead", "security", "operations"]],
                  "medium": [["tech-lead"], ["operations"]],
                  "high": [["tech-lead"], ["security"], ["operations"]]},
    "step_up": ["high"], "execute": ["operator", "operations", "tech-lead"],
    "request_hours": 720, "approval_hours": 168, "glass_hours": 4, "review_hours": 24,
    "open_requests": 100, "requests_per_day": 500}', 'watchkeeper');

CREATE FUNCTION watchkeeper._policy(p_platform text) RETURNS watchkeeper.policy LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT p FROM policy p WHERE platform IN (p_platform, '*') ORDER BY platform = '*', version DESC LIMIT 1
$$;

-- A list of different texts out of a known set, as JSON.
CREATE FUNCTION watchkeeper._check_set(list jsonb, what text, fewest int, most int, known text[]) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF list IS NULL OR jsonb_typeof(list) <> 'array' OR jsonb_array_length(list) NOT BETWEEN fewest AND most
       OR EXISTS (SELECT FROM jsonb_array_elements(list) e WHERE jsonb_typeof(e) <> 'string' OR e #>> '{}' <> ALL (known))
       OR (SELECT count(DISTINCT e) <> count(*) FROM jsonb_array_elements(list) e) THEN
        PERFORM _fail('WK400', format('%s has to be a list of %s to %s of: %s.', what, fewest, most,
                                      array_to_string(known, ', ')));
    END IF;
END $$;

CREATE FUNCTION watchkeeper._whole(fields jsonb, key text, fewest bigint, most bigint) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF fields -> key IS NULL OR fields -> key = 'null' THEN
        RETURN NULL;
    END IF;
    IF jsonb_typeof(fields -> key) <> 'number' OR scale((fields -> key)::numeric) > 0
       OR (fields -> key)::numeric NOT BETWEEN fewest AND most THEN
        PERFORM _fail('WK400', format('"%s" has to be a whole number from %s to %s.', key, fewest, most));
    END IF;
    RETURN (fields -> key)::bigint;
END $$;

CREATE FUNCTION watchkeeper._check_slots(slots jsonb, what text, fewest int) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    slot jsonb;
BEGIN
    IF slots IS NULL OR jsonb_typeof(slots) <> 'array' OR jsonb_array_length(slots) NOT BETWEEN fewest AND 6 THEN
        PERFORM _fail('WK400', format('%s has to be a list of %s to 6 lists of roles.', what, fewest));
    END IF;
    FOR slot IN SELECT jsonb_array_elements(slots) LOOP
        PERFORM _check_set(slot, what, 1, 4, ARRAY['operator', 'tech-lead', 'security', 'operations']);
    END LOOP;
END $$;

-- Stores a new version of a platform's policy and returns its number. What is left out keeps the default's value. It
-- cannot do away with the second person, and a high risk always takes two approvals and a one-time code.
CREATE FUNCTION watchkeeper.set_policy(p_platform text, p_body jsonb) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    whole jsonb;
    made int;
    least_of record;
BEGIN
    PERFORM _require_admin();
    PERFORM _reason(p_platform, 'platform', 1, 200);
    PERFORM _only_keys(p_body, 'A policy', 'approvals', 'step_up', 'execute', 'request_hours', 'approval_hours',
                       'glass_hours', 'review_hours', 'open_requests', 'requests_per_day');
    SELECT p.body || p_body INTO whole FROM policy p WHERE p.platform = '*' AND p.version = 1;
    PERFORM _only_keys(whole -> 'approvals', 'approvals', 'low', 'medium', 'high');
    PERFORM _check_slots(whole #> '{approvals,low}', 'approvals.low', 1);
    PERFORM _check_slots(whole #> '{approvals,medium}', 'approvals.medium', 1);
    PERFORM _check_slots(whole #> '{approvals,high}', 'approvals.high', 2);
    PERFORM _check_set(whole -> 'step_up', 'step_up', 1, 3, ARRAY['low', 'medium', 'high']);
    IF NOT whole -> 'step_up' ? 'high' THEN
        PERFORM _fail('WK400', 'Approving a high risk always asks for a one-time code.', 'Put "high" into step_up.');
    END IF;
    PERFORM _check_set(whole -> 'execute', 'execute', 1, 4, ARRAY['operator', 'tech-lead', 'security', 'operations']);
    FOR least_of IN SELECT * FROM (VALUES ('request_hours', 2160), ('approval_hours', 720), ('glass_hours', 24),
                                          ('review_hours', 168), ('open_requests', 100000), ('requests_per_day', 100000))
                                  v (key, most) LOOP
        IF _whole(whole, least_of.key, 1, least_of.most) IS NULL THEN
            PERFORM _fail('WK400', format('"%s" has to be a whole number.', least_of.key));
        END IF;
    END LOOP;
    INSERT INTO policy (platform, version, body, set_by)
    SELECT p_platform, coalesce(max(p.version), 0) + 1, whole, session_user FROM policy p WHERE p.platform = p_platform
    RETURNING version INTO made;
    PERFORM _changed('policy.set', made, jsonb_build_object('platform', p_platform, 'version', made, 'body', whole));
    RETURN made;
EXCEPTION WHEN unique_violation THEN
    PERFORM _fail('WK409', 'Somebody else set this policy at the same moment.', 'Look at it and try again.');
    RETURN NULL;
END $$;

CREATE TABLE watchkeeper.cluster (
    platform text NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    class text NOT NULL CHECK (class IN ('development', 'staging', 'production')),
    set_by text NOT NULL,
    set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (platform, name)
);

-- What class a cluster is of; one that nobody registered counts as production.
CREATE FUNCTION watchkeeper._class(p_platform text, p_cluster text) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT coalesce((SELECT class FROM cluster WHERE platform = p_platform AND name = p_cluster), 'production')
$$;

CREATE FUNCTION watchkeeper.set_cluster(p_platform text, p_name text, p_class text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
BEGIN
    PERFORM _require_admin();
    PERFORM _reason(p_platform, 'platform', 1, 200);
    PERFORM _reason(p_name, 'name', 1, 200);
    IF p_class IS NULL OR p_class NOT IN ('development', 'staging', 'production') THEN
        PERFORM _fail('WK400', 'A cluster is of class development, staging or production.');
    END IF;
    INSERT INTO cluster AS c (platform, name, class, set_by) VALUES (p_platform, p_name, p_class, session_user)
    ON CONFLICT (platform, name) DO UPDATE SET class = excluded.class, set_by = session_user, set_at = clock_timestamp()
    WHERE c.class <> excluded.class;
    IF FOUND THEN
        PERFORM _changed('cluster.set', NULL, jsonb_build_object('platform', p_platform, 'name', p_name, 'class', p_class));
    END IF;
END $$;

-- The least risk of each action by the class of the cluster that it touches. An action that is not here is refused.
CREATE TABLE watchkeeper.action_risk (
    action text PRIMARY KEY,
    development text NOT NULL CHECK (development IN ('low', 'medium', 'high')),
    staging text NOT NULL CHECK (staging IN ('low', 'medium', 'high')),
    production text NOT NULL CHECK (production IN ('low', 'medium', 'high'))
);
INSERT INTO watchkeeper.action_risk VALUES
    ('pause', 'low', 'low', 'low'), ('resume', 'low', 'low', 'low'), ('uncordon', 'low', 'low', 'low'),
    ('scale', 'low', 'low', 'medium'), ('restart', 'low', 'low', 'medium'), ('cordon', 'low', 'low', 'medium'),
    ('setAutoscaler', 'low', 'low', 'medium'), ('removeAutoscaler', 'low', 'low', 'medium'),
    ('deletePods', 'low', 'low', 'medium'), ('undo', 'low', 'low', 'medium'), ('setImage', 'low', 'low', 'medium'),
    ('setEnv', 'low', 'low', 'medium'), ('setResources', 'low', 'low', 'medium'),
    ('patchConfigMap', 'low', 'low', 'medium'), ('switchVersion', 'low', 'medium', 'medium'),
    ('createObject', 'low', 'medium', 'medium'), ('applyObject', 'low', 'medium', 'high'),
    ('drain', 'low', 'medium', 'high'), ('deleteObject', 'low', 'medium', 'high'), ('runSql', 'low', 'medium', 'high'),
    ('runCommand', 'low', 'medium', 'high');

CREATE FUNCTION watchkeeper._risk_rank(p_risk text) RETURNS int LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$ SELECT array_position(ARRAY['low', 'medium', 'high'], p_risk) $$;

-- Whether a resource is the plural of its kind, as Kubernetes writes it. A request goes to the resource, people read the
-- kind: where the one does not follow from the other, somebody may mean to hide what is changed.
CREATE FUNCTION watchkeeper._is_plural(p_resource text, p_kind text) RETURNS boolean LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT p_resource IN (lower(p_kind), lower(p_kind) || 's', lower(p_kind) || 'es', regexp_replace(lower(p_kind), 'y$', 'ies'))
$$;

-- The least risk of one step. Everything of a system namespace, of access rules or of a whole namespace is high outside
-- development, and so is scaling to nothing in production: that is a shutdown.
CREATE FUNCTION watchkeeper._step_risk(p_platform text, p_step jsonb) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT CASE
        WHEN class <> 'development' AND (t ->> 'namespace' IN ('kube-system', 'kube-public', 'kube-node-lease')
            OR t ->> 'group' IN ('rbac.authorization.k8s.io', 'apiextensions.k8s.io', 'admissionregistration.k8s.io',
                                 'apiregistration.k8s.io')
            OR t ->> 'kind' IN ('Namespace', 'PersistentVolume', 'PersistentVolumeClaim', 'Secret', 'ServiceAccount')
            OR coalesce(t ->> 'resource', '') <> '' AND NOT _is_plural(t ->> 'resource', t ->> 'kind'))
        THEN 'high'
        WHEN class = 'production' AND p_step ->> 'action' = 'scale' AND p_step #>> '{parameters,replicas}' = '0' THEN 'high'
        ELSE (SELECT CASE class WHEN 'development' THEN development WHEN 'staging' THEN staging ELSE production END
              FROM action_risk WHERE action = p_step ->> 'action') END
    FROM (SELECT p_step -> 'target' AS t, _class(p_platform, p_step #>> '{target,cluster}') AS class) x
$$;

RESET ROLE;
