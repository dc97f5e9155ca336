-- SPDX-License-Identifier: GPL-3.0-or-later
-- No admin does away with the second pair of eyes alone: a cluster's class that is lowered counts a day later, or once
-- another admin agrees, and whatever weakens a rule is told to everybody.

SET LOCAL ROLE watchkeeper_owner;

-- Until counts_from the cluster is still of the class `former`.
ALTER TABLE watchkeeper.cluster ADD former text CHECK (former IN ('development', 'staging', 'production')), ADD counts_from timestamptz;

CREATE FUNCTION watchkeeper._class_rank(p_class text) RETURNS int LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$ SELECT array_position(ARRAY['development', 'staging', 'production'], p_class) $$;

CREATE OR REPLACE FUNCTION watchkeeper._class(p_platform text, p_cluster text) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT coalesce((SELECT CASE WHEN counts_from > clock_timestamp() THEN former ELSE class END FROM cluster
                     WHERE platform = p_platform AND name = p_cluster), 'production')
$$;

CREATE OR REPLACE FUNCTION watchkeeper.set_cluster(p_platform text, p_name text, p_class text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    old cluster;
    counted text;
    later timestamptz;
BEGIN
    PERFORM _require_admin();
    PERFORM _reason(p_platform, 'platform', 1, 200);
    PERFORM _reason(p_name, 'name', 1, 200);
    IF p_class IS NULL OR p_class NOT IN ('development', 'staging', 'production') THEN
        PERFORM _fail('WK400', 'A cluster is of class development, staging or production.');
    END IF;
    SELECT * INTO old FROM cluster WHERE platform = p_platform AND name = p_name FOR UPDATE;
    IF old.class = p_class THEN
        RETURN;
    END IF;
    counted := _class(p_platform, p_name);
    -- What nobody registered counts as production, and is registered at once as long as no request knows it.
    IF _class_rank(p_class) < _class_rank(counted) AND NOT _solo() AND (old.name IS NOT NULL OR EXISTS (SELECT FROM request r
           JOIN request_target t ON t.number = r.number WHERE r.platform = p_platform AND t.cluster = p_name)) THEN
        later := clock_timestamp() + interval '24 hours';
        PERFORM _notice('cluster', NULL, format('%s wants cluster %s of %s to be of class %s. It counts as %s until %s UTC, '
            'or until another admin agrees.', session_user, p_name, p_platform, p_class, counted,
            to_char(later AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')));
    END IF;
    INSERT INTO cluster (platform, name, class, set_by, former, counts_from)
    VALUES (p_platform, p_name, p_class, session_user, CASE WHEN later IS NOT NULL THEN counted END, later)
    ON CONFLICT (platform, name) DO UPDATE SET class = excluded.class, set_by = session_user, set_at = clock_timestamp(),
        former = excluded.former, counts_from = excluded.counts_from;
    PERFORM _changed('cluster.set', NULL, jsonb_build_object('platform', p_platform, 'name', p_name, 'class', p_class,
                     'former', counted, 'counts_from', later));
END $$;

-- A second admin agrees to a lower class: it counts from now on.
CREATE FUNCTION watchkeeper.confirm_cluster(p_platform text, p_name text, p_class text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    c cluster;
BEGIN
    PERFORM _require_admin();
    SELECT * INTO c FROM cluster WHERE platform = p_platform AND name = p_name FOR UPDATE;
    IF NOT FOUND OR c.counts_from IS NULL OR c.counts_from <= clock_timestamp() OR c.class IS DISTINCT FROM p_class THEN
        PERFORM _fail('WK404', format('Nobody has asked for cluster %s of %s to be of class %s.', left(p_name, 200), left(p_platform, 200),
                                      left(p_class, 60)));
    END IF;
    IF c.set_by = session_user THEN
        PERFORM _fail('WK403', 'Nobody agrees to what they asked for themselves.', 'Another admin has to look at it.');
    END IF;
    UPDATE cluster SET counts_from = clock_timestamp() WHERE platform = p_platform AND name = p_name;
    PERFORM _notice('cluster', NULL, format('%s agrees with %s: cluster %s of %s is of class %s from now on.', session_user, c.set_by,
                                            p_name, p_platform, c.class));
    PERFORM _changed('cluster.confirm', NULL, jsonb_build_object('platform', p_platform, 'name', p_name, 'class', c.class, 'by', c.set_by));
END $$;

-- The clusters with the class that counts.
CREATE VIEW watchkeeper.cluster_list AS
SELECT c.*, CASE WHEN c.counts_from > statement_timestamp() THEN c.former ELSE c.class END AS counts_as FROM watchkeeper.cluster c;

-- Tells everybody of an admin who gives themselves a role, and of a policy that asks fewer people or fewer codes.
CREATE FUNCTION watchkeeper._tell_own_role() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    PERFORM _notice('role', NULL, format('%s took the role "%s" on "%s".', NEW.person, NEW.role, NEW.platform));
    RETURN NULL;
END $$;
CREATE TRIGGER tell_own_role AFTER INSERT ON watchkeeper.person_role FOR EACH ROW
    WHEN (NEW.person = NEW.granted_by) EXECUTE FUNCTION watchkeeper._tell_own_role();

-- How much a policy asks for: its slots, and the risks that take a code.
CREATE FUNCTION watchkeeper._weight(p_body jsonb) RETURNS int[] LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT array_agg(n ORDER BY place) FROM (
        SELECT 1, jsonb_array_length(p_body #> '{approvals,low}') UNION ALL SELECT 2, jsonb_array_length(p_body #> '{approvals,medium}')
        UNION ALL SELECT 3, jsonb_array_length(p_body #> '{approvals,high}') UNION ALL SELECT 4, jsonb_array_length(p_body -> 'step_up')
    ) x (place, n)
$$;

CREATE FUNCTION watchkeeper._tell_weaker_policy() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    before jsonb;
BEGIN
    SELECT body INTO before FROM policy WHERE platform IN (NEW.platform, '*') AND (platform, version) <> (NEW.platform, NEW.version)
    ORDER BY platform = '*', version DESC LIMIT 1;
    IF EXISTS (SELECT FROM unnest(_weight(before), _weight(NEW.body)) w (was, is_now) WHERE is_now < was) THEN
        PERFORM _notice('policy', NULL, format('%s weakened the policy of "%s" (version %s): fewer approvals or one-time codes are asked for.',
                                               NEW.set_by, NEW.platform, NEW.version));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tell_weaker_policy AFTER INSERT ON watchkeeper.policy FOR EACH ROW EXECUTE FUNCTION watchkeeper._tell_weaker_policy();

CREATE OR REPLACE FUNCTION watchkeeper.act_now(p_fields jsonb, p_plan text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    made bigint := create_request(p_fields, p_plan) -> 'number';
    r request := _lock_request(made);
    lowered cluster;
BEGIN
    IF NOT _solo() AND (NOT EXISTS (SELECT FROM request_target WHERE number = r.number)
           OR EXISTS (SELECT FROM request_target t WHERE t.number = r.number AND (t.kind = 'Command' OR _class(r.platform, t.cluster) <> 'development'))) THEN
        SELECT c.* INTO lowered FROM cluster c JOIN request_target t ON t.cluster = c.name
        WHERE t.number = r.number AND c.platform = r.platform AND c.class = 'development' AND c.counts_from > clock_timestamp() LIMIT 1;
        PERFORM _fail('WK403', 'This touches more than clusters of class development; it needs an approval.',
                      CASE WHEN lowered.name IS NULL THEN 'Propose it as a request.'
                      ELSE format('%s made cluster %s one of class development; it counts as %s until %s UTC.', lowered.set_by, lowered.name,
                                  lowered.former, to_char(lowered.counts_from AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')) END);
    END IF;
    PERFORM _submit(r, 'development');
    RETURN claim_execution(r.number, r.revision, r.plan_sha256);
END $$;

GRANT SELECT ON watchkeeper.cluster_list TO watchkeeper_people;
GRANT EXECUTE ON FUNCTION watchkeeper.confirm_cluster(text, text, text) TO watchkeeper_people;

SELECT watchkeeper._seal();

RESET ROLE;
