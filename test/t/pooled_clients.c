/*-------------------------------------------------------------------------
 *
 * pooled_clients.c
 *	  Many clients of several tenants over few connections, for test/t/pooling.sh.
 *
 *	pooled_clients CONNINFO CLIENTS TRANSACTIONS SEED [leak]
 *
 * Each client is a process.  A transaction says who is asking as PostgREST does, by
 * claims, or as an application does that connects itself, and does one of the things
 * below; whatever an answer holds of another tenant is told, and so is an error that
 * was not to come, or one that did not.  The tenants are t1 to t5; each has ten times
 * as many notes as its number, "mark-t3", and a dashboard of that name.
 *
 * Prints how many transactions of each kind there were.  With "leak" the claims are
 * set for the session, which has to be noticed.
 *
 *-------------------------------------------------------------------------
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libpq-fe.h>

#define TENANTS 5
#define NOTES_EACH 10

/* What texts of a tenant begin with; its number follows. */
#define MARK "mark-t"

typedef struct Client
{
	const char *conninfo;
	PGconn	   *conn;
	unsigned int seed;
	int			leak;
	int			tenant;			/* of the transaction that runs */
	int			wrong;
} Client;

typedef struct Kind
{
	const char *name;
	int			weight;
	int			nobody;			/* says not who is asking */
	void		(*run) (Client *client);
} Kind;

/* Numbers that look random, and are the same for the same seed. */
static int
some(Client *client, int n)
{
	return rand_r(&client->seed) % n;
}

/* Tell what is wrong. */
static void
complain(Client *client, const char *format,...)
{
	va_list		args;

	client->wrong++;
	printf("tenant t%d: ", client->tenant);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
}

static void
connect_client(Client *client)
{
	client->conn = PQconnectdb(client->conninfo);
	if (PQstatus(client->conn) != CONNECTION_OK)
	{
		complain(client, "cannot connect: %s", PQerrorMessage(client->conn));
		_exit(2);
	}
}

/* A statement with up to two parameters, by the extended protocol and without a name. */
static PGresult *
ask(Client *client, const char *sql, const char *first, const char *second)
{
	const char *values[2] = {first, second};
	int			count = first == NULL ? 0 : second == NULL ? 1 : 2;

	return PQexecParams(client->conn, sql, count, NULL, values, NULL, NULL, 0);
}

/* Does an answer, or an error, tell of another tenant? */
static void
look_for_others(Client *client, const char *text)
{
	const char *place = text;

	while ((place = strstr(place, MARK)) != NULL)
	{
		place += strlen(MARK);
		if (*place != '0' + client->tenant)
			complain(client, "sees another tenant's: %.300s", text);
	}
}

/* The SQLSTATE of a result, "00000" for an answer; what it says is looked at, and it is freed. */
static const char *
state_of(Client *client, PGresult *result)
{
	static char state[6];
	const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	int			i;
	int			j;

	snprintf(state, sizeof(state), "%s", code == NULL ? "00000" : code);
	look_for_others(client, PQresultErrorMessage(result));
	for (i = 0; i < PQntuples(result); i++)
		for (j = 0; j < PQnfields(result); j++)
			look_for_others(client, PQgetvalue(result, i, j));
	PQclear(result);
	return state;
}

/* A statement that has to end with a code. */
static void
expect(Client *client, const char *wanted, const char *sql, const char *first, const char *second)
{
	const char *state = state_of(client, ask(client, sql, first, second));

	if (strcmp(state, wanted) != 0)
		complain(client, "%s, not %s: %s", state, wanted, sql);
}

/* A statement whose only value has to be a text, or for a null, anything. */
static void
expect_value(Client *client, const char *wanted, const char *sql, const char *first)
{
	PGresult   *result = ask(client, sql, first, NULL);

	if (PQntuples(result) != 1 || strcmp(PQgetvalue(result, 0, 0), wanted) != 0)
		complain(client, "\"%.300s\" %.300s, not \"%s\": %s",
				 PQntuples(result) < 1 ? "" : PQgetvalue(result, 0, 0),
				 PQresultErrorMessage(result), wanted, sql);
	(void) state_of(client, result);
}

#define NOTES "{\"tables\": [{\"id\": \"n\", \"name\": \"notes\"}], \"columns\": "
#define SLOW "{\"tables\": [{\"id\": \"s\", \"name\": \"slow\"}], \"columns\": " \
	"[{\"table_id\": \"s\", \"column\": \"slept\"}]}"

/* A definition's answer is the tenant's own, all of it. */
static void
run_query(Client *client)
{
	char		wanted[64];

	snprintf(wanted, sizeof(wanted), "[[\"t%d\",%d]]", client->tenant,
			 client->tenant * NOTES_EACH);
	expect_value(client, wanted, "SELECT prismiq.prismiq_query($1) -> 'rows'",
				 NOTES "[{\"table_id\": \"n\", \"column\": \"tenant\"}, "
				 "{\"table_id\": \"n\", \"column\": \"*\", \"aggregation\": \"count\"}]}");
}

/* Row by row. */
static void
run_rows(Client *client)
{
	char		wanted[16];

	snprintf(wanted, sizeof(wanted), "%d", client->tenant * NOTES_EACH);
	expect_value(client, wanted, "SELECT count(*) FROM prismiq.prismiq_query_rows($1) r "
				 "WHERE r ->> 'note' = '" MARK "' || right(prismiq.prismiq_tenant_id(), 1)",
				 NOTES "[{\"table_id\": \"n\", \"column\": \"note\"}]}");
	expect(client, "00000", "SELECT prismiq.prismiq_query_csv($1)",
		   NOTES "[{\"table_id\": \"n\", \"column\": \"note\"}]}", NULL);
}

/* A dashboard with its widgets' answers. */
static void
run_dashboard(Client *client)
{
	char		wanted[16];

	snprintf(wanted, sizeof(wanted), "%d", client->tenant * NOTES_EACH);
	expect_value(client, wanted, "SELECT max(w.value #>> '{rows,0,0}') "
				 "FROM prismiq.prismiq_dashboard_get_by_name('" MARK "' || "
				 "right(prismiq.prismiq_tenant_id(), 1)) AS d, "
				 "json_each(prismiq.prismiq_dashboard_data((d ->> 'id')::uuid)) AS w", NULL);
}

/* What there is of dashboards. */
static void
run_list(Client *client)
{
	expect_value(client, "1", "SELECT count(*) FROM prismiq.prismiq_dashboards", NULL);
	expect(client, "00000", "SELECT prismiq.prismiq_dashboard_list()", NULL, NULL);
}

/* A change, which stays. */
static void
run_change(Client *client)
{
	expect(client, "00000", "SELECT prismiq.prismiq_dashboard_update(id, "
		   "'{\"timezone\": \"UTC\"}') FROM prismiq.prismiq_dashboards", NULL, NULL);
}

/* A bad definition: the transaction is aborted. */
static void
run_refused(Client *client)
{
	expect(client, "22023", "SELECT prismiq.prismiq_query($1)", "{\"tables\": 7}", NULL);
	expect(client, "25P02", "SELECT prismiq.prismiq_tenant_id()", NULL, NULL);
}

/* Another tenant's dashboard is none. */
static void
run_foreign(Client *client)
{
	char		other[2] = {'0' + client->tenant % TENANTS + 1, '\0'};

	expect(client, "PT404", "SELECT prismiq.prismiq_dashboard_get(id) FROM public.boards "
		   "WHERE tenant = 't' || $1", other, NULL);
}

/* The limits of the call, and of the session. */
static void
run_timeout(Client *client)
{
	expect(client, "57014", "SELECT prismiq.prismiq_query($1, '{\"timeout_ms\": 5}')", SLOW, NULL);
}

static void
run_statement_timeout(Client *client)
{
	expect(client, "00000", "SET LOCAL statement_timeout = 5", NULL, NULL);
	expect(client, "57014", "SELECT prismiq.prismiq_query($1)", SLOW, NULL);
}

/* The client cancels, by a connection of its own as clients do. */
static void
run_cancelled(Client *client)
{
	const char *values[1] = {SLOW};
	PGcancel   *cancel = PQgetCancel(client->conn);
	char		error[256];
	const char *state = "00000";
	PGresult   *result;

	if (!PQsendQueryParams(client->conn, "SELECT prismiq.prismiq_query($1)", 1, NULL, values, NULL,
						   NULL, 0))
		complain(client, "cannot send: %s", PQerrorMessage(client->conn));
	usleep(1000 + some(client, 4000));
	if (!PQcancel(cancel, error, sizeof(error)))
		complain(client, "cannot cancel: %s", error);
	PQfreeCancel(cancel);
	while ((result = PQgetResult(client->conn)) != NULL)
		state = state_of(client, result);
	if (strcmp(state, "57014") != 0)
		complain(client, "%s after it was cancelled", state);
}

/* The client is gone in the middle of a transaction. */
static void
run_gone(Client *client)
{
	expect(client, "00000", "SELECT prismiq.prismiq_tenant_id()", NULL, NULL);
	PQfinish(client->conn);
	connect_client(client);
	expect(client, "00000", "BEGIN", NULL, NULL);
}

/* Nobody: what the last one said is not there any more. */
static void
run_nobody(Client *client)
{
	expect_value(client, "", "SELECT concat(current_setting('request.jwt.claims', true), "
				 "current_setting('prismiq.tenant_id', true), prismiq.prismiq_tenant_id())", NULL);
	expect(client, "42501", "SELECT prismiq.prismiq_query($1)", NOTES "[]}", NULL);
}

static const Kind kinds[] = {
	{.name = "query", .weight = 30, .run = run_query},
	{.name = "rows", .weight = 10, .run = run_rows},
	{.name = "dashboard", .weight = 6, .run = run_dashboard},
	{.name = "list", .weight = 10, .run = run_list},
	{.name = "change", .weight = 3, .run = run_change},
	{.name = "refused", .weight = 12, .run = run_refused},
	{.name = "foreign", .weight = 8, .run = run_foreign},
	{.name = "timeout", .weight = 1, .run = run_timeout},
	{.name = "statement timeout", .weight = 1, .run = run_statement_timeout},
	{.name = "cancelled", .weight = 2, .run = run_cancelled},
	{.name = "gone", .weight = 1, .run = run_gone},
	{.name = "nobody", .weight = 12, .nobody = 1, .run = run_nobody}
};

#define KINDS ((int) (sizeof(kinds) / sizeof(kinds[0])))

/* Say who is asking. */
static void
introduce(Client *client)
{
	char		text[128];

	if (client->leak || some(client, 4))
	{
		snprintf(text, sizeof(text), "{\"tenant_id\": \"t%d\", \"sub\": \"u%d\", "
				 "\"roles\": [\"admin\"]}", client->tenant, client->tenant);
		expect(client, "00000", client->leak ?
			   "SELECT set_config('role', 'app_user', true), "
			   "set_config('request.jwt.claims', $1, false)" :
			   "SELECT set_config('role', 'app_user', true), "
			   "set_config('request.jwt.claims', $1, true), "
			   "set_config('request.method', 'POST', true)", text, NULL);
	}
	else
	{
		snprintf(text, sizeof(text), "t%d", client->tenant);
		expect(client, "00000", "SET LOCAL ROLE app_user", NULL, NULL);
		expect(client, "00000", "SELECT prismiq.prismiq_set_context($1, 'u' || right($1, 1), "
			   "'{admin}')", text, NULL);
	}
}

/* One transaction of some kind; returns which. */
static int
run_one(Client *client)
{
	int			weights = 0;
	int			kind;

	for (kind = 0; kind < KINDS; kind++)
		weights += kinds[kind].weight;
	weights = some(client, weights);
	for (kind = 0; (weights -= kinds[kind].weight) >= 0; kind++)
		;
	client->tenant = 1 + some(client, TENANTS);
	expect(client, "00000", "BEGIN", NULL, NULL);
	if (kinds[kind].nobody)
		expect(client, "00000", "SET LOCAL ROLE app_user", NULL, NULL);
	else
		introduce(client);
	kinds[kind].run(client);
	/* Of an aborted one nothing is left; it says ROLLBACK. */
	expect(client, "00000", some(client, 4) ? "COMMIT" : "ROLLBACK", NULL, NULL);
	return kind;
}

int
main(int argc, char **argv)
{
	int			clients;
	int			each;
	int			i;
	int			status;
	int			wrong = 0;
	int		   *counts;

	if (argc < 5)
		return 2;
	clients = atoi(argv[2]);
	each = atoi(argv[3]) / clients;
	counts = mmap(NULL, sizeof(int) * KINDS * clients, PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (counts == MAP_FAILED)
		return 2;
	for (i = 0; i < clients; i++)
	{
		if (fork() == 0)
		{
			Client		client = {argv[1], NULL, atoi(argv[4]) * 1000 + i, argc > 5, 0, 0};
			int			n;

			connect_client(&client);
			for (n = 0; n < each && client.wrong < 5; n++)
				counts[i * KINDS + run_one(&client)]++;
			PQfinish(client.conn);
			_exit(client.wrong > 0);
		}
	}
	while (wait(&status) > 0)
		wrong |= status;
	for (i = 0; i < KINDS; i++)
	{
		int			sum = 0;
		int			n;

		for (n = 0; n < clients; n++)
			sum += counts[n * KINDS + i];
		printf("%s: %d\n", kinds[i].name, sum);
	}
	return wrong != 0;
}
