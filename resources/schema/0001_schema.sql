-- SPDX-License-Identifier: GPL-3.0-or-later
-- Roles, the schema, what every other file relies on.
--
-- Applied by a superuser or by the database's owner with CREATEROLE. Roles belong to the cluster, so one that exists is
-- kept. Everything in the schema belongs to watchkeeper_owner, which nobody can log in as; each file of this folder
-- does its work as that role and hands the session back as it found it. PUBLIC gets nothing anywhere.

DO $$
DECLARE
    wanted text;
BEGIN
    IF current_setting('server_encoding') <> 'UTF8' THEN
        RAISE EXCEPTION 'Watchkeeper needs a database in UTF8, this one is in %', current_setting('server_encoding')
            USING HINT = 'Create it with: CREATE DATABASE … ENCODING ''UTF8'' TEMPLATE template0';
    END IF;
    FOREACH wanted IN ARRAY ARRAY['watchkeeper_owner', 'watchkeeper_people', 'watchkeeper_admin'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- another database of this cluster was prepared at the same moment
            END;
        END IF;
    END LOOP;
    IF NOT pg_has_role(current_user, 'watchkeeper_owner', 'USAGE') THEN
        EXECUTE format('GRANT watchkeeper_owner TO %I', current_user);
    END IF;
    -- The owner may admit people (grant_role); an admin is one of the people.
    IF NOT EXISTS (SELECT FROM pg_auth_members WHERE roleid = 'watchkeeper_people'::regrole
                   AND member = 'watchkeeper_owner'::regrole AND admin_option) THEN
        GRANT watchkeeper_people TO watchkeeper_owner WITH ADMIN OPTION;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_auth_members WHERE roleid = 'watchkeeper_people'::regrole
                   AND member = 'watchkeeper_admin'::regrole) THEN
        GRANT watchkeeper_people TO watchkeeper_admin;
    END IF;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO watchkeeper_people', current_database());
    EXECUTE format('GRANT CREATE, CONNECT ON DATABASE %I TO watchkeeper_owner', current_database());
    -- Who leaves a transaction open keeps others waiting: a default that a session may change, against accidents only.
    EXECUTE format('ALTER DATABASE %I SET idle_in_transaction_session_timeout = %L', current_database(), '60s');
    IF pg_has_role(current_user, (SELECT nspowner FROM pg_namespace WHERE nspname = 'public'), 'USAGE') THEN
        REVOKE ALL ON SCHEMA public FROM PUBLIC;
    END IF;
    -- Extensions that stand somewhere already are used there.
    FOR wanted IN SELECT DISTINCT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
                  WHERE e.extname IN ('pgcrypto', 'pg_trgm') AND pg_has_role(current_user, n.nspowner, 'USAGE') LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO watchkeeper_owner', wanted);
    END LOOP;
    -- Large objects are everybody's to make, and never end; only a superuser can take that away.
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        REVOKE EXECUTE ON FUNCTION lo_creat(int), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC;
    END IF;
END $$;

SET LOCAL ROLE watchkeeper_owner;

CREATE SCHEMA IF NOT EXISTS watchkeeper;
REVOKE ALL ON SCHEMA watchkeeper FROM PUBLIC;
GRANT USAGE ON SCHEMA watchkeeper TO watchkeeper_people;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;

-- Where an extension lives. A new one comes into a schema that nobody but the owner may look into: its functions are
-- PUBLIC's by its own script.
CREATE FUNCTION watchkeeper._extension(wanted text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    home text;
BEGIN
    SELECT n.nspname INTO home FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = wanted;
    IF home IS NULL THEN
        home := 'watchkeeper_extensions';
        CREATE SCHEMA IF NOT EXISTS watchkeeper_extensions;
        REVOKE ALL ON SCHEMA watchkeeper_extensions FROM PUBLIC;
        EXECUTE format('CREATE EXTENSION %I SCHEMA watchkeeper_extensions', wanted);
    END IF;
    RETURN home;
END $$;

DO $$
DECLARE
    home text := watchkeeper._extension('pgcrypto');
BEGIN
    EXECUTE format('CREATE FUNCTION watchkeeper._hmac_sha1(secret bytea, message bytea) RETURNS bytea LANGUAGE sql '
                   'IMMUTABLE STRICT AS $f$ SELECT %I.hmac(message, secret, ''sha1'') $f$', home);
    EXECUTE format('CREATE FUNCTION watchkeeper._random(count int) RETURNS bytea LANGUAGE sql VOLATILE STRICT '
                   'AS $f$ SELECT %I.gen_random_bytes(count) $f$', home);
END $$;

-- One row per applied file, written by the program that applies them.
CREATE TABLE watchkeeper.schema_version (
    version int PRIMARY KEY CHECK (version > 0),
    name text NOT NULL,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What this store is: "team", where the policy asks for other people, or "solo", one person's private store.
CREATE TABLE watchkeeper.store (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    mode text NOT NULL CHECK (mode IN ('team', 'solo')),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO watchkeeper.store (mode) VALUES ('team');

-- Refuses: SQLSTATE, a sentence for the person, what to do.
CREATE FUNCTION watchkeeper._fail(code text, sentence text, advice text DEFAULT '') RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = code, MESSAGE = sentence, HINT = advice;
END $$;

-- The same as an expression, for the middle of a query.
CREATE FUNCTION watchkeeper._fail_text(code text, sentence text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = code, MESSAGE = sentence;
END $$;

-- Lets a trigger function judge whatever would change or remove what a table has.
CREATE FUNCTION watchkeeper._guard(p_table regclass, p_function text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION watchkeeper.%I()',
                   'keep_rows', p_table, p_function);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION watchkeeper.%I()',
                   'keep_table', p_table, p_function);
END $$;

-- The SHA-256 of a text's UTF-8 bytes, in lower-case hex.
CREATE FUNCTION watchkeeper._sha256(value text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$ SELECT encode(sha256(convert_to(value, 'UTF8')), 'hex') $$;

CREATE FUNCTION watchkeeper._solo() RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$ SELECT mode = 'solo' FROM store $$;

-- Tells every open cockpit to read again. The payload is a hint and proves nothing: whoever may connect may notify.
CREATE FUNCTION watchkeeper._notify(what text, number bigint, state text, revision int) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT pg_notify('watchkeeper', json_strip_nulls(json_build_object(
        'what', what, 'number', number, 'state', state, 'revision', revision, 'by', session_user))::text)
$$;

-- A text out of a JSON object: its length in characters is judged, control characters other than tab and newline are
-- refused (they could hide something in a terminal). NULL where it is absent.
CREATE FUNCTION watchkeeper._text(fields jsonb, key text, most int) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    value text := fields ->> key;
BEGIN
    IF value IS NULL THEN
        RETURN NULL;
    END IF;
    IF jsonb_typeof(fields -> key) <> 'string' THEN
        PERFORM _fail('WK400', format('"%s" has to be a text.', key));
    END IF;
    RETURN _plain(value, key, most);
END $$;

CREATE FUNCTION watchkeeper._plain(value text, what text, most int) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF length(value) > most THEN
        PERFORM _fail('WK400', format('"%s" has %s characters, at most %s are allowed.', what, length(value), most),
                      'Shorten it, or put the long text behind a link.');
    END IF;
    -- Also the marks that turn the direction of writing, end a line or take no room: they make a text read other than it is.
    IF value ~ '[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]' THEN
        PERFORM _fail('WK400', format('"%s" has control characters in it.', what), 'Type it instead of pasting it.');
    END IF;
    RETURN value;
END $$;

-- A text that has to be there.
CREATE FUNCTION watchkeeper._reason(value text, what text, at_least int, most int) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF value IS NULL OR length(btrim(value, E' \t\r\n')) < at_least THEN
        PERFORM _fail('WK400', format('"%s" is missing or too short.', what),
                      format('Write at least %s characters; it stays in the record.', at_least));
    END IF;
    RETURN _plain(value, what, most);
END $$;

-- Refuses a key that nobody reads: a mistyped one must not be lost in silence.
CREATE FUNCTION watchkeeper._only_keys(fields jsonb, what text, VARIADIC known text[]) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    stranger text;
BEGIN
    IF fields IS NULL OR jsonb_typeof(fields) <> 'object' THEN
        PERFORM _fail('WK400', format('%s has to be a JSON object.', what));
    END IF;
    SELECT key INTO stranger FROM jsonb_object_keys(fields) key WHERE key <> ALL (known) ORDER BY key LIMIT 1;
    IF FOUND THEN
        PERFORM _fail('WK400', format('%s has a field "%s" that nobody knows.', what, left(stranger, 60)),
                      'Known: ' || array_to_string(known, ', '));
    END IF;
END $$;

-- A moment out of a JSON object, as ISO 8601 with a zone. NULL where it is absent or null.
CREATE FUNCTION watchkeeper._moment(fields jsonb, key text) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    value text := _text(fields - (SELECT coalesce(array_agg(k), '{}') FROM jsonb_object_keys(fields) k
                                  WHERE k = key AND fields -> k = 'null'), key, 40);
BEGIN
    IF value IS NULL THEN
        RETURN NULL;
    END IF;
    IF value !~ '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d(:?\d\d)?)$' THEN
        PERFORM _fail('WK400', format('"%s" is no moment: %s', key, value), 'Write it as 2026-01-31T22:00:00Z.');
    END IF;
    RETURN value::timestamptz;
EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN
    PERFORM _fail('WK400', format('"%s" is no moment: %s', key, value), 'Write it as 2026-01-31T22:00:00Z.');
    RETURN NULL;
END $$;

RESET ROLE;
