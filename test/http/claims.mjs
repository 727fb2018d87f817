// docs/claims.md: the tokens of four products, signed as their issuers do it (with the keys that
// PostgREST gets as a JWK set), make the context that the document says, under its settings.

import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { call, is, ok, postgrest, sql, test } from '../lib/http.mjs';
import { blocks, folder, leastPrivilege } from '../lib/documents.mjs';

const products = ['Keycloak', 'Auth0', 'Supabase', 'Clerk'];
const definition = { tables: [{ id: 'f', name: 'flights' }],
  columns: [{ table_id: 'f', column: '*', aggregation: 'count' }] };

// An issuer: its public keys, and tokens with these claims.
function issuer(alg) {
  const make = () => (alg === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 }));
  const pair = make();
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const jwk = (key, more) => ({ ...key.export({ format: 'jwk' }), ...more });
  return {
    // The key that has been in use before, and is still published, comes first.
    keys: { keys: [jwk(make().publicKey, { kid: 'old', alg, use: 'sig' }),
      jwk(pair.publicKey, { kid: 'now', alg, use: 'sig' })] },
    token(claims) {
      const text = `${part({ alg, typ: 'JWT', kid: 'now' })}.${part(claims)}`;
      const signature = sign('sha256', Buffer.from(text),
        { key: pair.privateKey, dsaEncoding: 'ieee-p1363' });
      return `${text}.${signature.toString('base64url')}`;
    },
  };
}

// Lines of a configuration in the place of those of the same names.
function configured(lines, others) {
  const name = (line) => line.split(' ')[0];
  const set = new Set(others.split('\n').map(name));
  return `${lines.split('\n').filter((line) => !set.has(name(line))).join('\n')}\n${others}`;
}

// The claims without what is at a path.
function without(claims, path) {
  const [name, ...rest] = path;
  const { [name]: found, ...others } = claims;
  return rest.length && found ? { ...others, [name]: without(found, rest) } : others;
}

test(async () => {
  leastPrivilege();
  const count = sql(`SELECT count(*) FROM flights WHERE state = 'CA'`, 'app');
  const base = blocks('http.md').find((one) => one.mark === 'ini postgrest').text;
  const found = blocks('claims.md');
  is([...new Set(found.map((one) => one.section))], products,
    'there is a section for each product');

  for (const product of products) {
    const block = (mark) => found.find((one) => one.section === product && one.mark === mark).text;
    const claims = JSON.parse(block('json token'));
    const wanted = JSON.parse(block('json answer'));
    const settings = block('sql server');
    const work = folder();
    const { keys, token } = issuer(product === 'Supabase' ? 'ES256' : 'RS256');

    sql(`ALTER ROLE authenticator RESET prismiq.tenant_claim;
      ALTER ROLE authenticator RESET prismiq.roles_claim`, 'app');
    sql(settings, 'app');
    writeFileSync(join(work, 'jwks.json'), JSON.stringify(keys));
    writeFileSync(join(work, 'prismiq.conf'), configured(base, block('ini postgrest'))
      .replaceAll('/etc/prismiq', work));
    const gateway = await postgrest({ PGHOST: process.env.PGHOST, PGPORT: process.env.PGPORT },
      [join(work, 'prismiq.conf')]);
    const ask = async (name, given, by = claims, signed = token) => {
      const answer = await call(gateway, `prismiq_${name}`, given, { token: signed(by) });
      return { ...answer, told: [answer.status, answer.body?.code] };
    };

    is((await ask('context', {})).body, wanted, `${product}: who it is`);
    is((await ask('query', { definition })).body?.rows, [[Number(count)]],
      `${product}: the rows of the tenant`);
    const viewer = wanted.roles.includes('viewer');
    is((await ask('dashboard_create', { data: { name: product } })).status, viewer ? 403 : 200,
      `${product}: what its role may`);

    const path = (/prismiq\.tenant_claim = '(.*)'/.exec(settings)?.[1] ?? 'tenant_id');
    is((await ask('query', { definition }, without(claims, path.startsWith('https') ? [path]
      : path.split('.')))).told, [403, '42501'], `${product}: no tenant, no context`);
    const role = /jwt-role-claim-key = "\.\\"(.*)\\""/.exec(block('ini postgrest'))?.[1] ?? 'role';
    ok(role in claims, `${product}: the database's role is a claim`);
    is((await ask('query', { definition }, without(claims, [role]))).told, [401, '42501'],
      `${product}: nothing without it`);
    is((await ask('context', {}, { ...claims, exp: 1764547200 })).told, [401, 'PGRST301'],
      `${product}: not when it has expired`);
    is((await ask('context', {}, claims, issuer('RS256').token)).told, [401, 'PGRST301'],
      `${product}: not by another's key`);
    is((await ask('context', {}, claims, () => 'opaque')).told, [401, 'PGRST301'],
      `${product}: nor what is no such token`);
    if (/^jwt-aud/m.test(block('ini postgrest'))) {
      is((await ask('context', {}, { ...claims, aud: 'others' })).told, [401, 'PGRST301'],
        `${product}: not what is meant for others`);
      is((await ask('context', {}, without(claims, ['aud']))).status, 200,
        `${product}: but what is meant for nobody`);
    }
    if (product === 'Clerk') {
      const member = { ...claims, o: { ...claims.o, rol: 'member' } };
      is((await ask('dashboard_create', { data: { name: 'Ours' } }, member)).status, 200,
        'a role that means nothing may make a dashboard');
    }
  }
});
