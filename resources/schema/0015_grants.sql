-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who may reach what: everything is taken from PUBLIC, the people read every table but the secrets and call the functions
-- below. A function of a later file has to be granted there.

SET LOCAL ROLE watchkeeper_owner;

REVOKE ALL ON ALL TABLES IN SCHEMA watchkeeper FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA watchkeeper FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA watchkeeper FROM PUBLIC;

GRANT SELECT ON ALL TABLES IN SCHEMA watchkeeper TO watchkeeper_people;
REVOKE ALL ON watchkeeper.totp_secret, watchkeeper.execution_token FROM watchkeeper_people;

DO $$
DECLARE
    f regprocedure;
BEGIN
    -- What begins with an underscore is the schema's own business; triggers and the store's mode are nobody's to call.
    FOR f IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'watchkeeper'::regnamespace
             AND proname NOT LIKE '\_%' AND proname <> 'set_store_mode' LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO watchkeeper_people', f);
    END LOOP;
END $$;

RESET ROLE;
