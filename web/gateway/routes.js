// For nginx's njs: what its own language cannot say. Nothing in here is kept between requests.

import crypto from 'crypto';

// The paths, and what they are: the function of each method, and what of the request becomes its
// arguments beside the names in braces. query: parameters, by their names. options: all of them, as
// one object. body: the body, as a text, which PostgreSQL reads: a text is quoted, so nothing in a
// body can become another argument, and its numbers keep their digits. Functions that are not
// Prismiq's own are those of routes.sql.
const routes = {
  '/schema': { GET: { call: 'prismiq_schema' } },
  '/tables': { GET: { call: 'prismiq_tables' } },
  '/tables/{name}': { GET: { call: 'prismiq_table' } },
  '/tables/{table_name}/columns/{column_name}/sample':
    { GET: { call: 'prismiq_column_sample', query: ['max_values'] } },
  '/query/validate': { POST: { call: 'query_validate', body: true } },
  '/query/sql': { POST: { call: 'query_sql', body: true } },
  '/query/execute': { POST: { call: 'query_execute', body: true } },
  '/query/execute/timeseries': { POST: { call: 'query_execute', body: true } },
  '/query/preview': { POST: { call: 'query_preview', body: true } },
  '/dashboards': {
    GET: { call: 'prismiq_dashboard_list', options: true },
    POST: { call: 'dashboard_create', body: true },
  },
  '/dashboards/{id}': {
    GET: { call: 'prismiq_dashboard_get' },
    PATCH: { call: 'dashboard_update', body: true },
    DELETE: { call: 'dashboard_delete' },
  },
  '/dashboards/{id}/widgets': { POST: { call: 'widget_add', body: true } },
  '/dashboards/{id}/layout': { PATCH: { call: 'layout_update', body: true } },
  '/widgets/{id}': {
    PATCH: { call: 'widget_update', body: true },
    DELETE: { call: 'widget_delete' },
  },
  '/saved-queries': {
    GET: { call: 'prismiq_saved_query_list', options: true },
    POST: { call: 'saved_query_create', body: true },
  },
  '/saved-queries/{id}': {
    GET: { call: 'prismiq_saved_query_get' },
    PATCH: { call: 'saved_query_update', body: true },
    DELETE: { call: 'saved_query_delete' },
  },
  '/pins': {
    GET: { call: 'prismiq_pin_list', query: ['context'] },
    POST: { call: 'pin_add', body: true },
    DELETE: { call: 'pin_remove', query: ['resource_type', 'resource_id', 'context'] },
  },
  '/pins/order': { PUT: { call: 'pin_reorder', body: true } },
  '/health': { GET: { call: 'prismiq_health' } },
  '/health/live': { GET: { call: 'prismiq_health_live' } },
  '/health/ready': { GET: { call: 'prismiq_health_ready' } },
  '/metrics': { GET: { call: 'prismiq_metrics' } },
};

// The segments of a path, decoded; null where that cannot be done.
function segments(path) {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch (error) {
    return null;
  }
}

// What a request asks for, by the path as it was sent: {methods, path: {name: segment}}, or null.
// nginx's own $uri does not tell a slash from one that was encoded.
function find(r) {
  const asked = segments(r.variables.request_uri.split('?')[0]);

  if (asked === null) return null;
  for (const pattern in routes) {
    const wanted = pattern.split('/');
    const named = {};
    const fits = wanted.length === asked.length && wanted.every((word, n) => {
      if (word[0] !== '{') return word === asked[n];
      named[word.slice(1, -1)] = asked[n];
      return asked[n] !== '';
    });

    if (fits) return { methods: routes[pattern], path: named };
  }
  return null;
}

// The call of a request, or undefined. HEAD is GET without the body, which nginx leaves out.
function called(r, found) {
  return found.methods[r.method === 'HEAD' ? 'GET' : r.method];
}

// $route_methods: what may be asked of a path, as the header Allow has it; empty: no such path.
function methods(r) {
  const found = find(r);
  const known = found === null ? [] : Object.keys(found.methods);

  return known.concat(known.indexOf('GET') < 0 ? [] : ['HEAD']).join(', ');
}

// $route: where PostgREST has it; empty: not by this method. What browsers ask before they ask
// (CORS) PostgREST answers for all paths alike.
function target(r) {
  const found = find(r);
  const call = found && called(r, found);

  if (found && r.method === 'OPTIONS' && r.headersIn['Access-Control-Request-Method']) return '/';
  return call ? '/rpc/' + call.call : '';
}

// $route_schema: the schema of its function.
function schema(r) {
  return target(r).startsWith('/rpc/prismiq_') ? 'prismiq' : 'prismiq_rest';
}

const integers = ['limit', 'offset', 'page', 'page_size'];

// The parameters of a query string as options, of which some are no texts. What they may be is for
// the function to say.
function options(args) {
  const given = Object.create(null);

  for (const name in args) {
    const value = args[name];

    if (integers.indexOf(name) >= 0 && /^[0-9]{1,9}$/.test(value)) given[name] = Number(value);
    else if (name === 'count' && (value === 'true' || value === 'false')) {
      given[name] = value === 'true';
    } else given[name] = value;
  }
  return given;
}

// $route_arguments: the body of the call.
function given(r) {
  const found = find(r);
  const call = found && called(r, found);

  if (!call) return '';
  const values = found.path;
  (call.query || []).forEach((name) => {
    if (r.args[name] !== undefined) values[name] = r.args[name];
  });
  if (call.options) values.options = options(r.args);
  if (call.body) values.body = r.requestText || '';
  return JSON.stringify(values);
}

// Whose limit a request counts for: that of its token, by its signature, which nobody can make up.
// By the bytes of the signature, since the same ones can be written in more than one way.
// Empty: no token, no such limit.
function caller(r) {
  const signature = Buffer.from((r.variables.bearer || '').split('.').pop(), 'base64url');

  if (signature.length === 0) return '';
  return crypto.createHash('sha256').update(signature).digest('base64url');
}

export default { caller, given, methods, schema, target };
