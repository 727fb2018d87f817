-- The roles of a gateway, as docs/http.md has them: who comes with a token that names a tenant is
-- web_user, who comes without one is web_anon and has
-- nothing but what is everybody's.
CREATE ROLE authenticator LOGIN NOINHERIT;
CREATE ROLE web_anon NOLOGIN;
CREATE ROLE web_user NOLOGIN;
GRANT web_anon, web_user TO authenticator;
ALTER ROLE authenticator SET prismiq.context_sources = 'claims';

GRANT USAGE ON SCHEMA public TO web_user;
GRANT SELECT ON public.flights, public.airports, public.weather TO web_user;
SELECT prismiq.prismiq_grant('web_user', 'app');
-- Scripts and style sheets are asked for without a token.
SELECT prismiq.prismiq_grant('web_anon', 'public');
-- The paths of a REST API, for those files that ask by them.
\ir ../../web/gateway/routes.sql
