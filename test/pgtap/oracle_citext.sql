-- Text joined with citext: both are compared as citext, against statements of a person.
\getenv dir TEST_DIR
\set lib :dir /lib/oracle.sql
\i :lib

RESET ROLE;
CREATE EXTENSION citext SCHEMA public;
CREATE SCHEMA hidden;
CREATE TABLE public.ci_codes (code public.citext PRIMARY KEY, worth int);
CREATE TABLE public.ci_words (word text PRIMARY KEY, short varchar(5), n int);
INSERT INTO public.ci_codes VALUES ('Aa', 1), ('bB', 2), ('CC', 4);
INSERT INTO public.ci_words VALUES ('aa', 'AA', 1), ('AA', 'bb', 2), ('bb', 'cc', 3),
	('dd', NULL, 4);
GRANT SELECT ON public.ci_codes, public.ci_words TO app_user;
SELECT prismiq.prismiq_expose('public.ci_codes', shared => true) \g /dev/null
SELECT prismiq.prismiq_expose('public.ci_words', shared => true) \g /dev/null
SET ROLE app_user;

SELECT same(kind || ' join', def('w ci_words, c ci_codes', 'w.word, c.code',
		joins => 'w.word = c.code ' || kind),
	format('SELECT word, code FROM public.ci_words %s JOIN public.ci_codes'
		' ON word::public.citext OPERATOR(public.=) code', kind))
FROM unnest('{INNER,LEFT,RIGHT,FULL}'::text[]) AS kind;
SELECT same('citext with varchar', def('c ci_codes, w ci_words', 'w.short, c.code',
		joins => 'c.code = w.short'),
	$$SELECT short, code FROM public.ci_words JOIN public.ci_codes
		ON lower(short) = lower(code::text)$$);
SELECT same('each code counts once, though its words are unique as text',
	def('c ci_codes, w ci_words', 'c.worth sum = worth, w.n sum = n', joins => 'c.code = w.word'),
	$$SELECT (SELECT sum(worth) FROM public.ci_codes WHERE EXISTS (SELECT FROM public.ci_words
			WHERE lower(word) = lower(code::text))),
		(SELECT sum(n) FROM public.ci_words WHERE EXISTS (SELECT FROM public.ci_codes
			WHERE lower(word) = lower(code::text)))$$);
SELECT same('in a query of the other', def('w ci_words', 'w.word', filters(cond('w.word ' || op,
		jsonb_build_object('query', def('c ci_codes', 'c.code'))))),
	format('SELECT word FROM public.ci_words WHERE %s EXISTS (SELECT FROM public.ci_codes'
		' WHERE lower(word) = lower(code::text))', CASE op WHEN 'not_in_query' THEN 'NOT' END))
FROM unnest('{in_query,not_in_query}'::text[]) AS op;
SELECT is(faults(def('c ci_codes, w ci_words', 'w.word', joins => 'c.code = w.n')),
	'INVALID_JOIN /joins/0 cannot join "code" of type citext with "n" of type integer',
	'with what is no text');

-- Who may not name the type gets no comparison as it.
RESET ROLE;
ALTER EXTENSION citext SET SCHEMA hidden;
SET ROLE app_user;
SELECT is(faults(def('c ci_codes, w ci_words', 'w.word', joins => 'c.code = w.word')),
	'INVALID_JOIN /joins/0 cannot join "code" of type hidden.citext with "word" of type text',
	'a type that the caller may not name');
SELECT * FROM finish();
ROLLBACK;
