-- SPDX-License-Identifier: GPL-3.0-or-later
-- One-time codes (RFC 6238: SHA-1, six digits, 30 s, one step of tolerance): who approves a high risk or breaks glass
-- proves that it is they.
--
-- Tries have to count even where the caller rolls the failed transaction back, which any client can do. A sequence does
-- not roll back, so a person's tries and the last step that was accepted live in sequences of their own, changed under
-- the lock of the person's row: five tries, then nothing for 15 minutes; no code is accepted twice.

SET LOCAL ROLE watchkeeper_owner;

-- Readable by nobody but the owner. A plan shows the constants in it, and whoever connects may have the plans of what
-- they call printed (debug_print_plan): every function that handles a secret sets that off for as long as it runs.
CREATE TABLE watchkeeper.totp_secret (
    person text PRIMARY KEY,
    id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    secret bytea NOT NULL,
    enrolled_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    confirmed_at timestamptz
);

CREATE FUNCTION watchkeeper._totp(p_secret bytea, p_step bigint) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp SET client_min_messages = warning SET debug_print_plan = off AS $$
    SELECT lpad(((((get_byte(h, o) & 127)::bigint << 24) | (get_byte(h, o + 1) << 16) | (get_byte(h, o + 2) << 8)
                  | get_byte(h, o + 3)) % 1000000)::text, 6, '0')
    FROM (SELECT h, get_byte(h, 19) & 15 AS o FROM (SELECT _hmac_sha1(p_secret, int8send(p_step)) AS h) x) y
$$;

-- RFC 4648 base 32 of 20 bytes: 32 letters.
CREATE FUNCTION watchkeeper._base32(p_bytes bytea) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT string_agg(substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', (substring(bits FROM i * 5 + 1 FOR 5)::bit(5))::int + 1, 1), '' ORDER BY i)
    FROM (SELECT (SELECT string_agg(get_byte(p_bytes, b)::bit(8)::text, '' ORDER BY b)
                  FROM generate_series(0, octet_length(p_bytes) - 1) b) AS bits) x,
         generate_series(0, octet_length(p_bytes) * 8 / 5 - 1) i
$$;

-- Failed tries and when the last was, packed into one number: seconds * 8 + tries.
CREATE FUNCTION watchkeeper._tries(p_id bigint, OUT tries int, OUT last_at bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    packed bigint;
BEGIN
    EXECUTE format('SELECT last_value FROM watchkeeper.%I', 'totp_tries_' || p_id) INTO packed;
    tries := packed % 8;
    last_at := packed / 8;
    IF last_at + 900 <= extract(epoch FROM clock_timestamp()) THEN
        tries := 0;
    END IF;
END $$;

-- Accepts a code or refuses, in words that do not tell a wrong code from a used one.
CREATE FUNCTION watchkeeper._accept_code(p_row watchkeeper.totp_secret, p_code text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp
SET client_min_messages = warning SET debug_print_plan = off AS $$
DECLARE
    now_s bigint := extract(epoch FROM clock_timestamp())::numeric::bigint;
    state record;
    used bigint;
    step bigint;
BEGIN
    SELECT * INTO state FROM _tries(p_row.id);
    IF state.tries >= 5 THEN
        PERFORM _fail('WK401', format('Too many wrong codes: locked for another %s minutes.',
                                      ceil((state.last_at + 900 - now_s) / 60.0)),
                      'Wait, or ask an admin to reset your one-time codes.');
    END IF;
    EXECUTE format('SELECT last_value FROM watchkeeper.%I', 'totp_used_' || p_row.id) INTO used;
    IF p_code ~ '^[0-9]{6}$' THEN
        SELECT s INTO step FROM generate_series(now_s / 30 - 1, now_s / 30 + 1) s
        WHERE s > used AND _totp(p_row.secret, s) = p_code ORDER BY s LIMIT 1;
    END IF;
    IF step IS NULL THEN
        PERFORM setval(format('watchkeeper.%I', 'totp_tries_' || p_row.id)::regclass, now_s * 8 + state.tries + 1);
        RAISE LOG 'watchkeeper: wrong one-time code of %, try %', session_user, state.tries + 1;
        PERFORM _fail('WK401', format('The one-time code is wrong or was used before (try %s of 5).', state.tries + 1),
                      'Take the next code of your app; check the clock of the phone.');
    END IF;
    PERFORM setval(format('watchkeeper.%I', 'totp_used_' || p_row.id)::regclass, step);
    PERFORM setval(format('watchkeeper.%I', 'totp_tries_' || p_row.id)::regclass, now_s * 8);
    IF state.tries > 0 THEN
        PERFORM _audit('totp.tries', NULL, jsonb_build_object('failed', state.tries));
    END IF;
END $$;

-- Asks the person of this session for a code. In a private store there is nobody to prove it to.
CREATE FUNCTION watchkeeper._step_up(p_code text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp
SET client_min_messages = warning SET debug_print_plan = off AS $$
DECLARE
    mine totp_secret;
BEGIN
    IF _solo() THEN
        RETURN;
    END IF;
    SELECT * INTO mine FROM totp_secret WHERE person = session_user FOR UPDATE;
    IF mine.confirmed_at IS NULL THEN
        PERFORM _fail('WK401', 'This needs a one-time code, and you have not set that up.', 'Set up one-time codes first.');
    END IF;
    IF coalesce(p_code, '') = '' THEN
        PERFORM _fail('WK401', 'This needs a one-time code.', 'Type the six digits of your app.');
    END IF;
    PERFORM _accept_code(mine, p_code);
END $$;

CREATE FUNCTION watchkeeper.enroll_totp() RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s'
SET client_min_messages = warning SET debug_print_plan = off AS $$
DECLARE
    mine totp_secret;
    account text;
BEGIN
    PERFORM _me();
    INSERT INTO totp_secret AS t (person, secret) VALUES (session_user, _random(20))
    ON CONFLICT (person) DO UPDATE SET secret = excluded.secret, enrolled_at = clock_timestamp() WHERE t.confirmed_at IS NULL
    RETURNING * INTO mine;
    IF NOT FOUND THEN
        PERFORM _fail('WK409', 'Your one-time codes are set up already.', 'An admin can reset them when the phone is lost.');
    END IF;
    EXECUTE format('CREATE SEQUENCE IF NOT EXISTS watchkeeper.%I MINVALUE 0 START 0', 'totp_tries_' || mine.id);
    EXECUTE format('CREATE SEQUENCE IF NOT EXISTS watchkeeper.%I MINVALUE 0 START 0', 'totp_used_' || mine.id);
    PERFORM _audit('totp.enroll', NULL, '{}');
    SELECT string_agg(CASE WHEN c ~ '[A-Za-z0-9._-]' THEN c ELSE (SELECT string_agg('%' || upper(lpad(to_hex(get_byte(b, i)), 2, '0')), '' ORDER BY i)
               FROM generate_series(0, octet_length(b) - 1) i) END, '' ORDER BY place) INTO account
    FROM regexp_split_to_table(session_user::text, '') WITH ORDINALITY s (c, place), LATERAL (SELECT convert_to(c, 'UTF8') AS b) x;
    RETURN jsonb_build_object('secret_base32', _base32(mine.secret), 'uri', format(
        'otpauth://totp/Watchkeeper:%s?secret=%s&issuer=Watchkeeper&algorithm=SHA1&digits=6&period=30', account, _base32(mine.secret)));
END $$;

CREATE FUNCTION watchkeeper.confirm_totp(p_code text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s'
SET client_min_messages = warning SET debug_print_plan = off AS $$
DECLARE
    mine totp_secret;
BEGIN
    PERFORM _me();
    SELECT * INTO mine FROM totp_secret WHERE person = session_user FOR UPDATE;
    IF NOT FOUND OR mine.confirmed_at IS NOT NULL THEN
        PERFORM _fail('WK422', 'There are no one-time codes that wait for a first code.', 'Set up one-time codes first.');
    END IF;
    PERFORM _accept_code(mine, p_code);
    UPDATE totp_secret SET confirmed_at = clock_timestamp() WHERE person = session_user;
    PERFORM _changed('totp.confirm', NULL, '{}');
END $$;

-- For an admin, when a phone is lost; nobody resets their own: that would make the second factor none.
CREATE FUNCTION watchkeeper.reset_totp(p_person text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, watchkeeper, pg_temp SET lock_timeout = '10s'
SET client_min_messages = warning SET debug_print_plan = off AS $$
DECLARE
    theirs totp_secret;
BEGIN
    PERFORM _require_admin();
    IF p_person = session_user THEN
        PERFORM _fail('WK403', 'Nobody resets their own one-time codes.', 'Ask another admin.');
    END IF;
    DELETE FROM totp_secret WHERE person = p_person RETURNING * INTO theirs;
    IF NOT FOUND THEN
        PERFORM _fail('WK404', format('%s has no one-time codes.', left(p_person, 63)));
    END IF;
    EXECUTE format('DROP SEQUENCE watchkeeper.%I, watchkeeper.%I', 'totp_tries_' || theirs.id, 'totp_used_' || theirs.id);
    PERFORM _changed('totp.reset', NULL, jsonb_build_object('person', p_person));
END $$;

RESET ROLE;
