-- The schema of what is not called by name, and who may install. Everything that is made here is
-- given to @extowner@ in the end: a trusted extension is installed with the rights of a superuser,
-- by who is none.

-- What the owner of the extension gets in the target schema it could not make there by itself.
DO $f$
BEGIN
    IF NOT pg_catalog.has_schema_privilege('@extowner@'::regrole, '@extschema@'::regnamespace,
                                           'CREATE') THEN
        RAISE EXCEPTION USING ERRCODE = '42501',
            MESSAGE = 'permission denied for the schema of the extension',
            HINT = 'Who installs it needs CREATE on that schema.';
    END IF;
END
$f$;

-- One of this name that somebody made before is not taken.
CREATE SCHEMA prismiq_internal AUTHORIZATION @extowner@;
COMMENT ON SCHEMA prismiq_internal IS
$c$Holds what functions, policies, constraints and triggers of prismiq call.
For nobody to call by name, and no HTTP gateway exposes it. What works on the tables of one schema
takes a row of them, null where it is only told which schema is meant.$c$;
