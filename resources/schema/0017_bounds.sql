-- SPDX-License-Identifier: GPL-3.0-or-later
-- How often one person may do, by the server's clock, what nothing else limits: the record can never be pruned below a
-- year, and whoever fills it fills the disk for everybody.

SET LOCAL ROLE watchkeeper_owner;

CREATE TABLE watchkeeper.action_bound (
    action text PRIMARY KEY,
    most int NOT NULL CHECK (most > 0),
    per interval NOT NULL
);
-- Filing and editing have the policy's requests_per_day, templates and unapproved changes bounds of their own, and what
-- leads from one state to the next happens once in a revision. What is left can be done over and over.
INSERT INTO watchkeeper.action_bound VALUES
    ('totp.enroll', 10, '1 hour'), ('request.schedule', 60, '1 hour'), ('execution.take_over', 120, '1 hour'),
    ('policy.set', 100, '1 day'), ('window.set', 500, '1 day'), ('window.end', 500, '1 day'), ('cluster.set', 1000, '1 day'),
    ('role.grant', 1000, '1 day'), ('role.revoke', 1000, '1 day'), ('totp.reset', 200, '1 day');

CREATE TABLE watchkeeper.action_count (
    person text NOT NULL,
    action text NOT NULL REFERENCES watchkeeper.action_bound,
    since timestamptz NOT NULL,
    done int NOT NULL,
    PRIMARY KEY (person, action)
);

CREATE FUNCTION watchkeeper._count_action(p_action text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
DECLARE
    bound action_bound;
    mine action_count;
BEGIN
    SELECT * INTO bound FROM action_bound WHERE action = p_action;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    INSERT INTO action_count AS c (person, action, since, done) VALUES (session_user, p_action, clock_timestamp(), 1)
    ON CONFLICT (person, action) DO UPDATE SET
        done = CASE WHEN c.since + bound.per <= clock_timestamp() THEN 1 ELSE c.done + 1 END,
        since = CASE WHEN c.since + bound.per <= clock_timestamp() THEN clock_timestamp() ELSE c.since END
    RETURNING * INTO mine;
    IF mine.done > bound.most THEN
        PERFORM _fail('WK403', format('You have done this %s times within %s: %s.', bound.most,
                                      CASE WHEN bound.per < interval '1 day' THEN 'an hour' ELSE 'a day' END, p_action),
                      format('It is possible again from %s UTC on.', to_char((mine.since + bound.per) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')));
    END IF;
END $$;

CREATE OR REPLACE FUNCTION watchkeeper._audit(p_action text, p_number bigint, p_detail jsonb) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, watchkeeper, pg_temp AS $$
    SELECT _count_action(p_action);
    INSERT INTO audit (seq, at, person, action, number, detail, entry, prev_hash, row_hash)
    VALUES (0, 'epoch', '', p_action, p_number, jsonb_strip_nulls(p_detail), '', ''::bytea, ''::bytea)
$$;

GRANT SELECT ON watchkeeper.action_bound, watchkeeper.action_count TO watchkeeper_people;

RESET ROLE;
