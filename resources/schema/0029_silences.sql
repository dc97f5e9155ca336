-- SPDX-License-Identifier: GPL-3.0-or-later
-- Silences of a platform's Alertmanager go through the record like every other change. They change nothing that runs, so
-- they are of low risk wherever they are made, and a freeze, which keeps what runs as it is, does not hold them back.

SET LOCAL ROLE watchkeeper_owner;

INSERT INTO watchkeeper.action_risk VALUES ('silence', 'low', 'low', 'low'), ('expireSilence', 'low', 'low', 'low');

-- As before, and a silence's target: cluster, kind and name, like a database's.
CREATE OR REPLACE FUNCTION watchkeeper._check_target(step jsonb, what text) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    t jsonb := step -> 'target';
    outside text := CASE WHEN step ->> 'action' = 'runSql' OR step ->> 'check' = 'sql' THEN 'Database'
                         WHEN step ->> 'action' = 'runCommand' THEN 'Command'
                         WHEN step ->> 'action' IN ('silence', 'expireSilence') THEN 'Silence' END;
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

CREATE OR REPLACE FUNCTION watchkeeper._covers(w watchkeeper.time_window, p_platform text, t watchkeeper.request_target)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (t.api_group, t.resource) <> ('', 'silence')
        AND w.platform IN ('*', p_platform) AND w.cluster IN ('*', t.cluster) AND (w.namespace IN ('*', t.namespace)
        OR CASE WHEN (t.api_group, t.resource) = ('', 'namespaces') THEN w.namespace = t.name
                ELSE w.kind = 'freeze' AND t.namespace = '' AND NOT t.asks END)
$$;

SELECT watchkeeper._seal();

RESET ROLE;
