-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who may do what. A person is a login role of the database; the name is session_user, which SET ROLE does not change.

SET LOCAL ROLE watchkeeper_owner;

CREATE TABLE watchkeeper.person_role (
    person text NOT NULL,
    role text NOT NULL CHECK (role IN ('viewer', 'operator', 'tech-lead', 'security', 'operations', 'admin')),
    platform text NOT NULL CHECK (platform <> ''), -- '*': every platform
    granted_by text NOT NULL,
    granted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (person, role, platform)
);

-- The person of this session. Functions are executable by the people only; this guards against a later slip in grants.
-- Every function that writes asks for it, so this is also where a transaction that looks at an old picture is refused:
-- under a stricter isolation it would not see a freeze, a role taken away or a policy that came after its first look.
CREATE FUNCTION watchkeeper._me() RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM _fail('WK400', 'Changes are made in transactions that are READ COMMITTED only.',
                      'Leave the isolation level as it is.');
    END IF;
    IF NOT pg_has_role(session_user, 'watchkeeper_people', 'MEMBER') THEN
        PERFORM _fail('WK403', format('%s is not one of the people of this store.', session_user),
                      'An admin admits a person with: watchkeeperctl store grant.');
    END IF;
    -- What has notified cannot be prepared: no lock outlives the connection that took it.
    IF current_setting('max_prepared_transactions')::int > 0 THEN
        PERFORM pg_notify('watchkeeper_no_prepare', '');
    END IF;
    RETURN session_user;
END $$;

-- A person's roles on a platform. In a private store the one person has them all.
CREATE FUNCTION watchkeeper._roles(p_person text, p_platform text) RETURNS text[] LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT CASE WHEN _solo() THEN ARRAY['operator', 'tech-lead', 'security', 'operations', 'admin']
           ELSE ARRAY(SELECT DISTINCT role FROM person_role WHERE person = p_person AND platform IN ('*', p_platform)) END
$$;

CREATE FUNCTION watchkeeper._is_admin(p_person text) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT 'admin' = ANY (_roles(p_person, '*'))
        OR EXISTS (SELECT FROM pg_roles WHERE rolname = p_person AND pg_has_role(oid, 'watchkeeper_admin', 'MEMBER'))
$$;

CREATE FUNCTION watchkeeper._require_admin() RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF NOT _is_admin(session_user) THEN
        PERFORM _fail('WK403', format('This is for an admin, and %s is none.', session_user),
                      'Ask a member of watchkeeper_admin.');
    END IF;
    RETURN _me();
END $$;

-- Refuses unless the person has one of the roles on the platform.
CREATE FUNCTION watchkeeper._require_role(p_platform text, p_roles text[], p_what text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF NOT _roles(session_user, p_platform) && p_roles THEN
        PERFORM _fail('WK403', format('%s may not %s on platform "%s".', session_user, p_what, p_platform),
                      'That needs one of these roles: ' || array_to_string(p_roles, ', ') || '.');
    END IF;
    RETURN _me();
END $$;

CREATE FUNCTION watchkeeper.grant_role(p_person text, p_role text, p_platform text DEFAULT '*') RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
BEGIN
    PERFORM _require_admin();
    IF p_role IS NULL OR p_role NOT IN ('viewer', 'operator', 'tech-lead', 'security', 'operations', 'admin') THEN
        PERFORM _fail('WK400', format('There is no role "%s".', left(p_role, 60)),
                      'Roles: viewer, operator, tech-lead, security, operations, admin.');
    END IF;
    PERFORM _reason(p_platform, 'platform', 1, 200);
    IF p_role = 'admin' AND p_platform <> '*' THEN
        PERFORM _fail('WK400', 'An admin is one for every platform.', 'Grant admin on "*".');
    END IF;
    IF p_person LIKE 'watchkeeper\_%' OR NOT EXISTS (SELECT FROM pg_roles WHERE rolname = p_person AND rolcanlogin) THEN
        PERFORM _fail('WK404', format('The database has no login role "%s".', left(p_person, 63)),
                      'Create it first: CREATE ROLE … LOGIN, or watchkeeperctl store grant.');
    END IF;
    IF NOT pg_has_role(p_person, 'watchkeeper_people', 'MEMBER') THEN
        EXECUTE format('GRANT watchkeeper_people TO %I', p_person);
    END IF;
    INSERT INTO person_role (person, role, platform, granted_by) VALUES (p_person, p_role, p_platform, session_user)
    ON CONFLICT DO NOTHING;
    IF FOUND THEN
        PERFORM _changed('role.grant', NULL, jsonb_build_object('person', p_person, 'role', p_role, 'platform', p_platform));
    END IF;
END $$;

CREATE FUNCTION watchkeeper.revoke_role(p_person text, p_role text, p_platform text DEFAULT '*') RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s' AS $$
BEGIN
    PERFORM _require_admin();
    DELETE FROM person_role WHERE person = p_person AND role = p_role AND platform = p_platform;
    IF NOT FOUND THEN
        PERFORM _fail('WK404', format('%s does not have the role "%s" on "%s".', left(p_person, 63), left(p_role, 60),
                                      left(p_platform, 200)));
    END IF;
    PERFORM _changed('role.revoke', NULL, jsonb_build_object('person', p_person, 'role', p_role, 'platform', p_platform));
END $$;

-- What kind of store this is; for the schema's owner only, when a private store is made. One person's store becomes a
-- team's, and never the other way while it has more than one person or a request that somebody else has to approve.
CREATE FUNCTION watchkeeper.set_store_mode(p_mode text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF p_mode IS NULL OR p_mode NOT IN ('team', 'solo') THEN
        PERFORM _fail('WK400', 'A store is either "team" or "solo".');
    END IF;
    IF p_mode = 'solo' AND ((SELECT count(DISTINCT person) FROM person_role) > 1
                            OR (SELECT count(DISTINCT person) FROM audit WHERE number IS NOT NULL) > 1) THEN
        PERFORM _fail('WK409', 'This store belongs to several people; it cannot become a private one.');
    END IF;
    IF (SELECT mode FROM store) <> p_mode THEN
        UPDATE store SET mode = p_mode;
        PERFORM _audit('store.mode', NULL, jsonb_build_object('mode', p_mode));
    END IF;
END $$;

RESET ROLE;
