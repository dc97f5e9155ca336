-- SPDX-License-Identifier: GPL-3.0-or-later
-- Standard changes: a template that was approved once, with parameters inside bounds. The database makes the plan from
-- the template itself and compares; a plan that differs in anything but its preconditions is an ordinary one.

SET LOCAL ROLE watchkeeper_owner;

-- body: platform ('*': any), title, risk (low or medium: a high risk is never standard), steps as in a plan in which
-- {"$parameter": "name"} stands for a value, parameters by name: {"type":"integer","min":1,"max":10},
-- {"type":"text","pattern":"regular expression for the whole"} or {"type":"choice","values":[…]}, and the approvals that
-- a request from it still needs (none: []).
CREATE TABLE watchkeeper.template (
    name text NOT NULL,
    version int NOT NULL CHECK (version > 0),
    platform text NOT NULL,
    body jsonb NOT NULL,
    author text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (name, version)
);

CREATE TABLE watchkeeper.template_approval (
    name text NOT NULL,
    version int NOT NULL,
    person text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (name, version, person),
    FOREIGN KEY (name, version) REFERENCES watchkeeper.template
);

CREATE FUNCTION watchkeeper._check_parameter(p_name text, spec jsonb) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF p_name !~ '^[A-Za-z][A-Za-z0-9_]{0,39}$' THEN
        PERFORM _fail('WK400', format('"%s" is no name for a parameter.', left(p_name, 60)));
    END IF;
    CASE coalesce(spec ->> 'type', '')
    WHEN 'integer' THEN
        PERFORM _only_keys(spec, 'A whole-number parameter', 'type', 'min', 'max');
        IF coalesce(_whole(spec, 'min', -9007199254740992, 9007199254740992) > _whole(spec, 'max', -9007199254740992, 9007199254740992), true) THEN
            PERFORM _fail('WK400', format('Parameter "%s" needs min and max.', p_name));
        END IF;
    WHEN 'text' THEN
        PERFORM _only_keys(spec, 'A text parameter', 'type', 'pattern');
        PERFORM _reason(_text(spec, 'pattern', 200), 'pattern', 1, 200), '' ~ (spec ->> 'pattern');
    WHEN 'choice' THEN
        PERFORM _only_keys(spec, 'A choice parameter', 'type', 'values');
        IF jsonb_typeof(spec -> 'values') IS DISTINCT FROM 'array' OR jsonb_array_length(spec -> 'values') NOT BETWEEN 1 AND 100 THEN
            PERFORM _fail('WK400', format('Parameter "%s" needs a list of values.', p_name));
        END IF;
    ELSE
        PERFORM _fail('WK400', format('Parameter "%s" is neither integer, text nor choice.', p_name));
    END CASE;
EXCEPTION WHEN invalid_regular_expression THEN
    PERFORM _fail('WK400', format('The pattern of parameter "%s" is no regular expression.', p_name));
END $$;

CREATE FUNCTION watchkeeper.set_template(p_name text, p_body jsonb) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    made int;
BEGIN
    PERFORM _only_keys(p_body, 'A template', 'platform', 'title', 'risk', 'parameters', 'steps', 'approvals');
    PERFORM _reason(p_name, 'name', 1, 200), _reason(_text(p_body, 'title', 200), 'title', 3, 200);
    PERFORM _require_role(coalesce(_text(p_body, 'platform', 200), '*'), _writers(), 'write a template');
    IF octet_length(p_body::text) > 262144 OR jsonb_typeof(p_body -> 'steps') IS DISTINCT FROM 'array'
       OR jsonb_array_length(p_body -> 'steps') NOT BETWEEN 1 AND 100 THEN
        PERFORM _fail('WK400', 'A template has 1 to 100 steps and at most 256 KiB.');
    END IF;
    IF coalesce(p_body ->> 'risk', '') NOT IN ('low', 'medium') THEN
        PERFORM _fail('WK400', 'A standard change is of low or medium risk; a high risk is approved every time.');
    END IF;
    IF jsonb_typeof(coalesce(p_body -> 'parameters', '{}')) <> 'object' THEN
        PERFORM _fail('WK400', '"parameters" has to be a JSON object.');
    END IF;
    IF (SELECT count(*) FROM template WHERE author = session_user AND at > clock_timestamp() - interval '1 day') >= 100 THEN
        PERFORM _fail('WK403', 'You have written 100 versions of templates in 24 hours.', 'Wait a day.');
    END IF;
    PERFORM _check_parameter(key, value) FROM jsonb_each(coalesce(p_body -> 'parameters', '{}'));
    PERFORM _check_slots(coalesce(p_body -> 'approvals', '[]'), 'approvals', 0);
    INSERT INTO template (name, version, platform, body, author)
    SELECT p_name, coalesce(max(version), 0) + 1, coalesce(p_body ->> 'platform', '*'),
           '{"approvals": [], "parameters": {}}' || p_body, session_user FROM template WHERE name = p_name
    RETURNING version INTO made;
    PERFORM _changed('template.set', made, jsonb_build_object('name', p_name, 'version', made, 'body', p_body));
    RETURN made;
EXCEPTION WHEN unique_violation THEN
    PERFORM _fail('WK409', 'Somebody else set this template at the same moment.', 'Look at it and try again.');
    RETURN NULL;
END $$;

-- A template stands once it has the approvals of a medium risk, its author not among them, and while it is the newest
-- version that has them.
CREATE FUNCTION watchkeeper._template_approved(t watchkeeper.template) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    RETURN _solo() OR NOT _has_gap(_fill((_policy(t.platform)).body #> '{approvals,medium}', t.platform,
        ARRAY(SELECT person FROM template_approval a WHERE a.name = t.name AND a.version = t.version AND person <> t.author ORDER BY at)));
END $$;

CREATE FUNCTION watchkeeper.approve_template(p_name text, p_version int) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    t template;
    done boolean;
BEGIN
    PERFORM _me();
    SELECT * INTO t FROM template WHERE name = p_name AND version = p_version FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM _fail('WK404', format('There is no template "%s" in version %s.', left(p_name, 200), p_version));
    END IF;
    IF t.author = session_user AND NOT _solo() THEN
        PERFORM _fail('WK403', 'Nobody approves what they wrote.', 'Somebody else has to look at it.');
    END IF;
    PERFORM _require_role(t.platform, ARRAY['tech-lead', 'security', 'operations'], 'approve a template');
    INSERT INTO template_approval (name, version, person) VALUES (p_name, p_version, session_user) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        PERFORM _fail('WK409', 'You approved this template already.', 'One person counts once.');
    END IF;
    done := _template_approved(t);
    PERFORM _changed('template.approve', p_version, jsonb_build_object('name', p_name, 'version', p_version, 'complete', done));
    RETURN done;
END $$;

-- Puts the values into the places for them.
CREATE FUNCTION watchkeeper._instantiate(node jsonb, given jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF jsonb_typeof(node) = 'array' THEN
        RETURN (SELECT coalesce(jsonb_agg(_instantiate(e, given) ORDER BY place), '[]') FROM jsonb_array_elements(node) WITH ORDINALITY x (e, place));
    ELSIF jsonb_typeof(node) <> 'object' THEN
        RETURN node;
    ELSIF node ? '$parameter' THEN
        RETURN given -> (node ->> '$parameter');
    END IF;
    RETURN (SELECT coalesce(jsonb_object_agg(key, _instantiate(value, given)), '{}') FROM jsonb_each(node));
END $$;

CREATE FUNCTION watchkeeper._without_preconditions(steps jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT coalesce(jsonb_agg(s - 'precondition' ORDER BY place), '[]') FROM jsonb_array_elements(steps) WITH ORDINALITY x (s, place)
$$;

-- The template that a revision claims to follow, if it does follow it; else a refusal that says where it does not.
CREATE FUNCTION watchkeeper._match_template(r watchkeeper.request, v watchkeeper.revision, p_risk text) RETURNS watchkeeper.template
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    t template;
    given jsonb := coalesce(v.fields -> 'template_parameters', '{}');
    spec record;
BEGIN
    SELECT x.* INTO t FROM template x WHERE x.name = r.template AND x.platform IN ('*', r.platform) AND _template_approved(x)
    ORDER BY x.version DESC LIMIT 1;
    IF NOT FOUND THEN
        PERFORM _fail('WK404', format('There is no approved template "%s" for this platform.', r.template), 'Submit it as an ordinary request.');
    END IF;
    IF _risk_rank(p_risk) > _risk_rank(t.body ->> 'risk') THEN
        PERFORM _fail('WK403', format('This change is of %s risk; template "%s" stands for %s.', p_risk, t.name, t.body ->> 'risk'),
                      'Submit it as an ordinary request.');
    END IF;
    FOR spec IN SELECT coalesce(s.key, g.key) AS name, s.value AS wants, g.value AS got
                FROM jsonb_each(t.body -> 'parameters') s FULL JOIN jsonb_each(given) g ON g.key = s.key LOOP
        IF spec.got IS NULL OR spec.wants IS NULL OR NOT coalesce(CASE spec.wants ->> 'type'
               WHEN 'integer' THEN CASE WHEN jsonb_typeof(spec.got) = 'number' THEN scale(spec.got::numeric) = 0
                    AND spec.got::numeric BETWEEN (spec.wants ->> 'min')::numeric AND (spec.wants ->> 'max')::numeric ELSE false END
               WHEN 'text' THEN jsonb_typeof(spec.got) = 'string' AND length(spec.got #>> '{}') <= 2000
                    AND (spec.got #>> '{}') ~ ('^(?:' || (spec.wants ->> 'pattern') || ')$')
               ELSE spec.wants -> 'values' @> spec.got AND jsonb_typeof(spec.got) <> 'array' END, false) THEN
            PERFORM _fail('WK403', format('Parameter "%s" is outside the bounds of template "%s".', left(spec.name, 60), t.name),
                          'Stay inside them, or submit it as an ordinary request.');
        END IF;
    END LOOP;
    IF v.plan::jsonb ->> 'title' <> t.body ->> 'title' OR _without_preconditions(v.plan::jsonb -> 'steps')
           IS DISTINCT FROM _without_preconditions(_instantiate(t.body -> 'steps', given)) THEN
        PERFORM _fail('WK403', format('The plan is not the one that template "%s" makes with these parameters.', t.name),
                      'Make it from the template again, or submit it as an ordinary request.');
    END IF;
    RETURN t;
END $$;

-- Whether the template that stood in for people at submission still is the one that stands.
CREATE FUNCTION watchkeeper._template_stands(r watchkeeper.request) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT coalesce((SELECT x.version = r.template_version FROM template x WHERE x.name = r.template
                     AND x.platform IN ('*', r.platform) AND _template_approved(x) ORDER BY x.version DESC LIMIT 1), false)
$$;

RESET ROLE;
