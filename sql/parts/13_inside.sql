-- Values inside of a jsonb value, as scalars.

CREATE FUNCTION @extschema@.prismiq_json_text(document jsonb, path jsonb) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_inside_text';
COMMENT ON FUNCTION @extschema@.prismiq_json_text(jsonb, jsonb) IS
$c$Finds a value inside of a document, as text.
The path is an array of keys of objects (strings) and places in arrays (whole numbers from 0; from
-1 for the end). A string comes as it is, a number with its digits, a boolean as true or false.
Null where there is no such value, and where it is null, an object or an array. Nothing is an error.
What a definition asks with "path" and "type", or json() in an expression, is this and its like for
other types; an index on the same expression serves conditions on it.
Example: SELECT prismiq_json_text('{"sizes": [{"name": "M"}]}', '["sizes", 0, "name"]');
  M$c$;

CREATE FUNCTION @extschema@.prismiq_json_number(document jsonb, path jsonb) RETURNS numeric
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_inside_number';
COMMENT ON FUNCTION @extschema@.prismiq_json_number(jsonb, jsonb) IS
$c$Finds a value inside of a document, as a number.
A string that is written as a number (of up to 1,000 characters, with an exponent of up to four
digits) is one. Null where there is no such value, and where it is none. For the path see
prismiq_json_text().
Example: SELECT prismiq_json_number('{"size": {"width": "12.50"}}', '["size", "width"]');
  12.50$c$;

CREATE FUNCTION @extschema@.prismiq_json_integer(document jsonb, path jsonb) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_inside_integer';
COMMENT ON FUNCTION @extschema@.prismiq_json_integer(jsonb, jsonb) IS
$c$Finds a value inside of a document, as a whole number.
What prismiq_json_number() finds, where it has no fraction (3.0 has none) and is a bigint; else null.
Example: SELECT prismiq_json_integer('{"seats": [4, 5]}', '["seats", -1]');
  5$c$;

CREATE FUNCTION @extschema@.prismiq_json_boolean(document jsonb, path jsonb) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_inside_boolean';
COMMENT ON FUNCTION @extschema@.prismiq_json_boolean(jsonb, jsonb) IS
$c$Finds a value inside of a document, as a boolean.
A string that PostgreSQL takes for a boolean (true, no, off) is one. Null where there is no such
value, and where it is none. For the path see prismiq_json_text().
Example: SELECT prismiq_json_boolean('{"organic": true}', '["organic"]');
  t$c$;

CREATE FUNCTION @extschema@.prismiq_json_date(document jsonb, path jsonb) RETURNS date
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_inside_date';
COMMENT ON FUNCTION @extschema@.prismiq_json_date(jsonb, jsonb) IS
$c$Finds a value inside of a document, as a date.
The day of what prismiq_json_timestamp() finds.
Example: SELECT prismiq_json_date('{"born": "2001-02-28"}', '["born"]');
  2001-02-28$c$;

CREATE FUNCTION @extschema@.prismiq_json_timestamp(document jsonb, path jsonb) RETURNS timestamp
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_inside_timestamp';
COMMENT ON FUNCTION @extschema@.prismiq_json_timestamp(jsonb, jsonb) IS
$c$Finds a value inside of a document, as a timestamp without time zone.
A string is one where it is written as in ISO 8601: 2001-02-28, 2001-02-28T13:30, with seconds,
a fraction of them, and Z or an offset such as +02:00, by which it becomes the time of UTC; without
one it is taken as it stands. Null where there is no such value, and where it is none, whatever
the session's settings are. For the path see prismiq_json_text().
Example: SELECT prismiq_json_timestamp('{"at": "2001-02-28T13:30:00+02:00"}', '["at"]');
  2001-02-28 11:30:00$c$;

CREATE FUNCTION @extschema@.prismiq_json_uuid(document jsonb, path jsonb) RETURNS uuid
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_inside_uuid';
COMMENT ON FUNCTION @extschema@.prismiq_json_uuid(jsonb, jsonb) IS
$c$Finds a value inside of a document, as a uuid.
A string in the form of the example is one. Null where there is no such value, and where it is none.
For the path see prismiq_json_text().
Example: SELECT prismiq_json_uuid('{"of": "c81e728d-9d4c-2f63-6f06-7f89cc14862c"}', '["of"]');
  c81e728d-9d4c-2f63-6f06-7f89cc14862c$c$;
