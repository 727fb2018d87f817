-- Who is asking: tenant, user and roles of the request.

CREATE FUNCTION @extschema@.prismiq_tenant_id() RETURNS text
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_tenant_id';
COMMENT ON FUNCTION @extschema@.prismiq_tenant_id() IS
$c$Returns the tenant of the request, or null without a context.
Taken from the first source in prismiq.context_sources that is present: the claims in
request.jwt.claims, or the setting prismiq.tenant_id. In a row policy write it as a subquery, so
that it is called once for each scan and an index on the column serves it:
  USING (tenant_id = (SELECT prismiq_tenant_id()))
Example: SELECT prismiq_tenant_id();$c$;

CREATE FUNCTION @extschema@.prismiq_user_id() RETURNS text
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_user_id';
COMMENT ON FUNCTION @extschema@.prismiq_user_id() IS
$c$Returns the user of the request, or null for an API key and without a context.
It decides what the request owns and may edit within its tenant.
Example: SELECT prismiq_user_id();$c$;

CREATE FUNCTION @extschema@.prismiq_roles() RETURNS text[]
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_roles';
COMMENT ON FUNCTION @extschema@.prismiq_roles() IS
$c$Returns the roles of the user within the tenant, or null without a context.
"owner", "admin", "analyst" and "viewer" have a meaning of their own. They are no roles of the
database. A context without roles gives an empty array.
Example: SELECT 'admin' = ANY (prismiq_roles());$c$;

CREATE FUNCTION @extschema@.prismiq_context() RETURNS jsonb
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'prismiq_context';
COMMENT ON FUNCTION @extschema@.prismiq_context() IS
$c$Returns who is asking, as one object.
It is {"tenant_id", "user_id", "roles", "source"}; source is "claims", "settings" or, with
prismiq.trust_headers, "headers". Without a context tenant_id, user_id and source are null and roles
is empty.
Example: SELECT prismiq_context();
  {"tenant_id": "acme", "user_id": "u1", "roles": ["analyst"], "source": "claims"}$c$;

CREATE FUNCTION @extschema@.prismiq_set_context(
    tenant_id text,
    user_id text DEFAULT NULL,
    roles text[] DEFAULT '{}',
    is_local boolean DEFAULT true)
    RETURNS jsonb
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'prismiq_set_context';
COMMENT ON FUNCTION @extschema@.prismiq_set_context(text, text, text[], boolean) IS
$c$Sets tenant, user and roles by settings, for an application that connects itself.
With is_local (the default) they end with the transaction, otherwise with the session. It sets
prismiq.tenant_id, prismiq.user_id and prismiq.roles, and returns the context as
prismiq_context() does. A warning says when there is no transaction block, so that a local context
ends with the very call.
Errors: 42501 where the request has claims (or headers that count), where "settings" is not among
prismiq.context_sources, or without the right to call it (prismiq_grant gives it);
22023 for a tenant that is not 1 to 255 bytes long, or a role that is empty or holds a comma.
Example: SELECT prismiq_set_context('acme', 'u1', '{analyst}');$c$;
