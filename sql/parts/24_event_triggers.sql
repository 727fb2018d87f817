-- Exposures end with their relations and follow their names; the schemas of the extension keep
-- theirs.

-- Event triggers and their functions stay with the superuser: they run as whoever does the DDL.
-- They are C, and change the tables of exposures themselves, firing nothing and asking for no
-- privileges: who drops or renames a relation need not know of exposures.
CREATE FUNCTION prismiq_internal.exposures_forget() RETURNS event_trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'prismiq_exposures_forget';
COMMENT ON FUNCTION prismiq_internal.exposures_forget() IS
$c$Removes the exposures of relations that were dropped.
An exposure must not outlive its relation: its name could come to mean another one.$c$;

CREATE EVENT TRIGGER prismiq_exposures_forget ON sql_drop
    EXECUTE FUNCTION prismiq_internal.exposures_forget();
ALTER EVENT TRIGGER prismiq_exposures_forget ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER prismiq_exposures_forget IS
$c$Removes the exposures of relations that were dropped.$c$;

CREATE FUNCTION prismiq_internal.exposures_follow() RETURNS event_trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'prismiq_exposures_follow';
COMMENT ON FUNCTION prismiq_internal.exposures_follow() IS
$c$Gives exposures the new names of relations that were renamed or moved to another schema.
Also notes the number of a relation that was created when its exposure was there already, as in a
restore, if its creator may expose it.$c$;

-- ALTER INDEX renames tables as well.
CREATE EVENT TRIGGER prismiq_exposures_follow ON ddl_command_end
    WHEN tag IN ('ALTER TABLE', 'ALTER VIEW', 'ALTER MATERIALIZED VIEW', 'ALTER FOREIGN TABLE',
                 'ALTER INDEX', 'ALTER SCHEMA', 'ALTER EXTENSION', 'CREATE TABLE',
                 'CREATE TABLE AS', 'SELECT INTO', 'CREATE VIEW', 'CREATE MATERIALIZED VIEW',
                 'CREATE FOREIGN TABLE', 'CREATE SCHEMA', 'IMPORT FOREIGN SCHEMA')
    EXECUTE FUNCTION prismiq_internal.exposures_follow();
ALTER EVENT TRIGGER prismiq_exposures_follow ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER prismiq_exposures_follow IS
$c$Gives exposures the new names of relations that were renamed.$c$;

CREATE FUNCTION prismiq_internal.schemas_stay() RETURNS event_trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'prismiq_schemas_stay';
COMMENT ON FUNCTION prismiq_internal.schemas_stay() IS
$c$Refuses to rename the schemas of the extension: the bodies of its functions name them.
Raises 0A000.$c$;

CREATE EVENT TRIGGER prismiq_schemas_stay ON ddl_command_start
    WHEN tag IN ('ALTER SCHEMA')
    EXECUTE FUNCTION prismiq_internal.schemas_stay();
ALTER EVENT TRIGGER prismiq_schemas_stay ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER prismiq_schemas_stay IS
$c$Refuses to rename the schemas of the extension.$c$;
