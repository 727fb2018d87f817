-- Who may view, edit, delete and share a dashboard and its widgets: each kind of caller against
-- each
-- kind of dashboard, through the functions and through the tables themselves.
\set ON_ERROR_STOP on

CREATE SCHEMA who;
GRANT USAGE ON SCHEMA who TO app_user;

-- Three letters for each dashboard: may the caller view, edit, manage (delete and share) it?
CREATE TABLE who.callers (caller text PRIMARY KEY, tenant text, "user" text, roles text[],
                          private text, public text, common text, common_public text);
INSERT INTO who.callers VALUES
    ('its owner',                   'acme', 'ann', '{}',       'vem', 'vem', 'v--', 'v--'),
    ('an admin',                    'acme', 'adm', '{admin}',  'vem', 'vem', 'vem', 'vem'),
    ('an owner of the tenant',      'acme', 'top', '{owner}',  'vem', 'vem', 'vem', 'vem'),
    ('an allowed editor',           'acme', 'edi', '{}',       've-', 've-', 'v--', 'v--'),
    ('an allowed viewer',           'acme', 'vic', '{}',       'v--', 'v--', 'v--', 'v--'),
    ('another user',                'acme', 'bob', '{}',       '---', 'v--', 'v--', 'v--'),
    ('a user of role viewer',       'acme', 'vee', '{viewer}', '---', 'v--', 'v--', 'v--'),
    ('an analyst',                  'acme', 'ana', '{analyst}', '---', 'v--', 've-', 've-'),
    ('an API key',                  'acme', NULL,  '{}',       '---', 'v--', '---', 'v--'),
    ('an API key that says admin',  'acme', NULL,  '{admin}',  '---', 'v--', '---', 'v--'),
    ('an admin of another tenant',  'globex', 'adm', '{admin}', '---', '---', '---', '---'),
    ('the same user elsewhere',     'globex', 'ann', '{owner}', '---', '---', '---', '---');

INSERT INTO prismiq.prismiq_dashboards
    (tenant_id, id, name, owner_id, is_public, allowed_viewers, allowed_editors) VALUES
    ('acme', '00000000-0000-4000-8000-000000000001', 'private', 'ann', false, '{vic}', '{edi}'),
    ('acme', '00000000-0000-4000-8000-000000000002', 'public', 'ann', true, '{vic}', '{edi}'),
    ('acme', '00000000-0000-4000-8000-000000000003', 'common', NULL, false, '{}', '{}'),
    ('acme', '00000000-0000-4000-8000-000000000004', 'common_public', NULL, true, '{}', '{}');
INSERT INTO prismiq.prismiq_widgets (tenant_id, id, dashboard_id, type)
SELECT tenant_id, id, id, 'text' FROM prismiq.prismiq_dashboards;

CREATE TABLE who.actions (action text PRIMARY KEY, statement text, needs text, by_function boolean);
INSERT INTO who.actions VALUES
    ('get', 'SELECT prismiq.prismiq_dashboard_get(%L)', 'v', true),
    ('update', $$SELECT prismiq.prismiq_dashboard_update(%L, '{"description": "x"}')$$, 'e', true),
    ('share', $$SELECT prismiq.prismiq_dashboard_update(%L, '{"allowed_viewers": ["x"]}')$$, 'm',
        true),
    ('hand on', $$SELECT prismiq.prismiq_dashboard_update(%L,
                    '{"owner_id": "new", "is_public": true}')$$, 'm', true),
    ('delete', 'SELECT prismiq.prismiq_dashboard_delete(%L)', 'm', true),
    ('add a widget', $$SELECT prismiq.prismiq_widget_add(%L, '{"type": "text"}')$$, 'e', true),
    ('update a widget', $$SELECT prismiq.prismiq_widget_update(%L, '{"title": "x"}')$$, 'e', true),
    ('delete a widget', 'SELECT prismiq.prismiq_widget_delete(%L)', 'e', true),
    ('move widgets', $$SELECT prismiq.prismiq_layout_update(%1$L,
                    '[{"id": "%1$s", "x": 1, "y": 1, "w": 1, "h": 1}]')$$, 'e', true),
    ('replace the widgets', $$SELECT prismiq.prismiq_dashboard_update(%L, '{"widgets": []}')$$,
        'e', true),
    ('SELECT', 'SELECT FROM prismiq.prismiq_dashboards WHERE id = %L', 'v', false),
    ('UPDATE', $$UPDATE prismiq.prismiq_dashboards SET description = 'x' WHERE id = %L$$, 'e',
        false),
    ('UPDATE is_public',
        'UPDATE prismiq.prismiq_dashboards SET is_public = NOT is_public WHERE id = %L',
        'm', false),
    ('UPDATE is_default', 'UPDATE prismiq.prismiq_dashboards SET is_default = true WHERE id = %L',
        'm', false),
    ('UPDATE allowed_editors', $$UPDATE prismiq.prismiq_dashboards SET allowed_editors = '{bob}'
                                 WHERE id = %L$$, 'm', false),
    ('DELETE', 'DELETE FROM prismiq.prismiq_dashboards WHERE id = %L', 'm', false),
    ('SELECT widgets', 'SELECT FROM prismiq.prismiq_widgets WHERE dashboard_id = %L', 'v', false),
    ('UPDATE widgets', $$UPDATE prismiq.prismiq_widgets SET title = 'x' WHERE dashboard_id = %L$$,
        'e', false),
    ('DELETE widgets', 'DELETE FROM prismiq.prismiq_widgets WHERE dashboard_id = %L', 'e', false),
    ('INSERT a widget', $$INSERT INTO prismiq.prismiq_widgets (dashboard_id, type)
                          VALUES (%L, 'text')$$, 'e', false);
GRANT SELECT ON ALL TABLES IN SCHEMA who TO app_user;

-- What comes of a statement: "done", "nothing" (no row), or an SQLSTATE; then it is undone.
CREATE FUNCTION who.attempt(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    touched bigint;
    outcome text;
BEGIN
    BEGIN
        EXECUTE statement;
        GET DIAGNOSTICS touched = ROW_COUNT;
        RAISE EXCEPTION USING ERRCODE = 'UNDO1', MESSAGE = CASE touched WHEN 0 THEN 'nothing' ELSE
            'done' END;
    EXCEPTION
        WHEN SQLSTATE 'UNDO1' THEN outcome := SQLERRM;
        WHEN OTHERS THEN outcome := SQLSTATE;
    END;
    RETURN outcome;
END $$;

-- What should come of it.
CREATE FUNCTION who.expected(action who.actions, rights text) RETURNS text LANGUAGE sql AS $$
    SELECT CASE
        WHEN strpos(rights, action.needs) > 0 THEN 'done'
        WHEN action.by_function THEN CASE WHEN strpos(rights, 'v') > 0 THEN '42501' ELSE 'PT404' END
        WHEN action.action LIKE 'INSERT%' THEN '42501'
        -- An editor reaches the row: then it is the trigger that says no.
        WHEN action.action LIKE 'UPDATE %' AND strpos(rights, 'e') > 0 THEN '42501'
        ELSE 'nothing'
    END
$$;

SET ROLE app_user;
SELECT plan(75);

SELECT is(
    (SELECT jsonb_object_agg(a.action, who.attempt(format(a.statement, d.id))) FROM who.actions a,
        (SELECT set_config('prismiq.tenant_id', c.tenant, false),
                set_config('prismiq.user_id', coalesce(c."user", ''), false),
                set_config('prismiq.roles', array_to_string(c.roles, ','), false)) context),
    (SELECT jsonb_object_agg(a.action, who.expected(a, d.rights)) FROM who.actions a),
    c.caller || ': ' || d.name)
FROM who.callers c,
     LATERAL (VALUES ('00000000-0000-4000-8000-000000000001', 'private', private),
                     ('00000000-0000-4000-8000-000000000002', 'public', public),
                     ('00000000-0000-4000-8000-000000000003', 'common', common),
                     ('00000000-0000-4000-8000-000000000004', 'common_public', common_public))
        d (id, name, rights);

-- Without a context there is nothing.
SET prismiq.tenant_id = '';
SET prismiq.user_id = 'ann';
SET prismiq.roles = 'owner';
SELECT is(who.attempt(format(statement, '00000000-0000-4000-8000-000000000002')),
          CASE WHEN by_function OR action LIKE 'INSERT%' THEN '42501' ELSE 'nothing' END,
          'no context: ' || action)
FROM who.actions;

-- Creating: users whose role is more than viewer, for themselves; admins for others too.
SET prismiq.tenant_id = 'acme';
CREATE TEMP TABLE creating (caller text, roles text, own text, foreign_ text, common text);
INSERT INTO creating VALUES
    ('bob', '', 'done', '42501', '42501'), ('bob', 'viewer', '42501', '42501', '42501'),
    ('bob', 'viewer,analyst', 'done', '42501', '42501'), ('', 'admin', '42501', '42501', '42501'),
    ('bob', 'admin', 'done', 'done', 'done'), ('bob', 'owner', 'done', 'done', 'done'),
    ('', '', '42501', '42501', '42501');
SELECT is(
    (SELECT array_agg(who.attempt(s)) FROM
        (SELECT set_config('prismiq.user_id', c.caller, false), set_config('prismiq.roles',
            c.roles, false)) x,
        unnest(ARRAY[$$SELECT prismiq.prismiq_dashboard_create('{"name": "new"}')$$,
                     $$INSERT INTO prismiq.prismiq_dashboards (name) VALUES ('new')$$,
                     $$SELECT prismiq.prismiq_dashboard_create('{"name": "new",
                         "owner_id": "zoe"}')$$,
                     $$INSERT INTO prismiq.prismiq_dashboards (name, owner_id) VALUES ('new',
                         'zoe')$$,
                     $$SELECT prismiq.prismiq_dashboard_create('{"name": "new",
                         "owner_id": null}')$$,
                     $$INSERT INTO prismiq.prismiq_dashboards (name, owner_id) VALUES ('new',
                         NULL)$$]) s),
    ARRAY[own, own, foreign_, foreign_, common, common],
    format('creating as "%s" with roles "%s"', caller, roles))
FROM creating c;

SELECT finish();
