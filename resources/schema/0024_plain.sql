-- SPDX-License-Identifier: GPL-3.0-or-later
-- What people decide about reads as it is: no text of a form, a plan or a template has a character in it that is not seen,
-- that moves what is seen, or that speaks to a terminal. What a step recorded is kept as it was; who shows it escapes it.

SET LOCAL ROLE watchkeeper_owner;

-- The first such character of a text by its name, "U+202E", or NULL: controls other than tab and line ends, a carriage
-- return that ends no line, marks of direction and joining, soft hyphen, fillers, tags, signs without width or ink. The
-- joiners U+200C and U+200D and the variation signs stay: words and pictures of people need them.
CREATE FUNCTION watchkeeper._unseen(value text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT 'U+' || upper(CASE WHEN ascii(c) < 4096 THEN lpad(to_hex(ascii(c)), 4, '0') ELSE to_hex(ascii(c)) END) FROM substring(value FROM
        E'[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b'
        '\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a'
        '\U000e0000-\U000e0fff]|\r(?!\n)') c WHERE c IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION watchkeeper._plain(value text, what text, most int) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF length(value) > most THEN
        PERFORM _fail('WK400', format('"%s" has %s characters, at most %s are allowed.', what, length(value), most),
                      'Shorten it, or put the long text behind a link.');
    END IF;
    IF _unseen(value) IS NOT NULL THEN
        PERFORM _fail('WK400', format('"%s" has the character %s in it, which is not seen or changes how the rest is read.', what,
                                      _unseen(value)), 'Type it instead of pasting it.');
    END IF;
    RETURN value;
END $$;

-- The same for every text and every key in a JSON value; `what` names its place.
CREATE FUNCTION watchkeeper._plain_all(v jsonb, what text, depth int DEFAULT 0) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    IF depth > 40 THEN
        PERFORM _fail('WK400', format('"%s" is nested too deep.', left(what, 60)));
    END IF;
    -- Most have none: then one look is enough. What JSON escapes has a backslash.
    IF depth = 0 AND _unseen(v::text) IS NULL AND strpos(v::text, E'\\') = 0 THEN
        RETURN;
    END IF;
    CASE jsonb_typeof(v)
    WHEN 'string' THEN
        PERFORM _plain(v #>> '{}', what, 1048576);
    WHEN 'object' THEN
        PERFORM _plain(key, what, 1048576), _plain_all(value, left(what || '.' || key, 200), depth + 1) FROM jsonb_each(v);
    WHEN 'array' THEN
        PERFORM _plain_all(value, left(what || '.' || place, 200), depth + 1) FROM jsonb_array_elements(v) WITH ORDINALITY e (value, place);
    ELSE
        NULL;
    END CASE;
END $$;

ALTER FUNCTION watchkeeper._check_fields(jsonb) RENAME TO _check_form;
CREATE FUNCTION watchkeeper._check_fields(f jsonb) RETURNS void LANGUAGE sql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT _check_form(f);
    SELECT _plain_all(value, key) FROM jsonb_each(f)
$$;

ALTER FUNCTION watchkeeper._read_plan(text, boolean) RENAME TO _parse_plan;
CREATE FUNCTION watchkeeper._read_plan(p_plan text, may_be_empty boolean) RETURNS jsonb LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    plan jsonb := _parse_plan(p_plan, may_be_empty);
BEGIN
    PERFORM _plain_all(step, 'Step ' || place) FROM jsonb_array_elements(plan -> 'steps') WITH ORDINALITY s (step, place);
    RETURN plan;
END $$;

CREATE FUNCTION watchkeeper._template_plain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
BEGIN
    PERFORM _plain_all(NEW.body, 'template');
    RETURN NEW;
END $$;
CREATE TRIGGER template_plain BEFORE INSERT ON watchkeeper.template FOR EACH ROW EXECUTE FUNCTION watchkeeper._template_plain();

SELECT watchkeeper._seal();

RESET ROLE;
