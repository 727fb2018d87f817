// What is sent to nginx byte by byte: requests that are one to it and two to PostgREST, or the
// other way round, and whose headers are there twice. None of them takes another one along.

import { connect } from 'node:net';
import { is, ok, skipAll, test } from '../lib/http.mjs';
import { echo, front } from '../lib/front.mjs';

if (!process.env.NGINX) skipAll('nginx cannot be installed');

// Everything that is answered to these bytes; statuses, of each answer.
async function sent(address, text) {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  let got = '';
  socket.on('data', (data) => { got += data; });
  socket.on('error', () => {});
  const closed = new Promise((done) => { socket.on('close', done); });
  // nginx ends a connection once it has answered the request that says so.
  socket.write(text);
  await Promise.race([closed, new Promise((done) => { setTimeout(done, 5000); })]);
  socket.destroy();
  return { text: got, statuses: [...got.matchAll(/HTTP\/1\.1 (\d+) /g)].map((one) => one[1]) };
}

const head = 'Host: a\r\nContent-Type: application/json\r\n';
const hidden = 'GET /rpc/hidden HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const size = hidden.length;
const post = (headers, body) => `POST /rpc/x HTTP/1.1\r\n${head}${headers}\r\n\r\n${body}`;
const last = 'GET /rpc/last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

// Two lengths of one body: refused, and the connection with them.
const ambiguous = {
  'a length and chunks': post('Content-Length: 5\r\nTransfer-Encoding: chunked',
    `0\r\n\r\n${hidden}`),
  'chunks and a length': post(`Transfer-Encoding: chunked\r\nContent-Length: ${size + 5}`,
    `0\r\n\r\n${hidden}`),
  'two lengths': post(`Content-Length: 0\r\nContent-Length: ${size}`, hidden),
  'a list of lengths': post(`Content-Length: 0, ${size}`, hidden),
  'a length with a sign': post(`Content-Length: +${size}`, hidden),
  'chunks of another kind': post('Transfer-Encoding: xchunked', `0\r\n\r\n${hidden}`),
  'chunks twice': post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
    `0\r\n\r\n${hidden}`),
  'a blank before the colon': post('Transfer-Encoding : chunked', `0\r\n\r\n${hidden}`),
  'a size that is none': post('Transfer-Encoding: chunked', `-1\r\n${hidden}`),
};

// One request with a body, whatever stands in it.
const contained = {
  'GET with a body': `GET /rpc/x HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n${hidden}`,
  'a path with a body':
    `GET /schema HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n${hidden}`,
  'a body in chunks': post('Transfer-Encoding: chunked',
    `${size.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`),
  'a body after 405': `PUT /schema HTTP/1.1\r\n${head}Content-Length: ${size}\r\n\r\n${hidden}`,
  'a body after 404': `PUT /tables//x HTTP/1.1\r\n${head}Content-Length: ${size}\r\n\r\n${hidden}`,
  'a body after 415':
    `POST /dashboards HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n${hidden}`,
};

// Headers there twice, or in a form that ends elsewhere.
const twice = {
  'two tokens': 'GET /rpc/x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\n'
    + 'Authorization: Bearer b\r\n\r\n',
  'two hosts': 'GET /rpc/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  'a header of two lines': 'GET /rpc/x HTTP/1.1\r\nHost: a\r\nX: a\r\n'
    + ' Authorization: Bearer b\r\n\r\n',
  'no host': 'GET /rpc/x HTTP/1.1\r\n\r\n',
  'a path with a zero': 'GET /rpc/x%00y HTTP/1.1\r\nHost: a\r\n\r\n',
  'a path that leads out': 'GET /../../rpc/x HTTP/1.1\r\nHost: a\r\n\r\n',
  'a header that is too large': `GET /rpc/x HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(9000)}\r\n\r\n`,
  'no request': 'hello\r\n\r\n',
  'a proxy': 'CONNECT evil.example:80 HTTP/1.1\r\nHost: a\r\n\r\n',
};

test(async () => {
  const { base, asked } = await echo();
  const address = await front(base);
  // What PostgREST is asked by a text.
  const behind = async (text) => {
    asked.length = 0;
    return { ...await sent(address, text), asked: [...asked] };
  };

  let got = await behind(hidden.replace('Connection: close\r\n', '') + last);
  is([got.statuses, got.asked], [['200', '200'], ['/rpc/hidden', '/rpc/last']],
    'two requests one after the other are two');
  for (const [what, text] of Object.entries(ambiguous)) {
    got = await behind(text);
    ok(got.statuses.length === 1 && /^(400|501)$/.test(got.statuses[0]) && got.asked.length === 0,
      `${what}: refused`, got);
  }
  for (const [what, text] of Object.entries(contained)) {
    got = await behind(text + last);
    is([got.statuses.length, got.asked.includes('/rpc/hidden'), got.asked.at(-1)],
      [2, false, '/rpc/last'], `${what}: one request, and the next one after it`);
  }
  for (const [what, text] of Object.entries(twice)) {
    got = await behind(text);
    is([got.statuses, got.asked], [['400'], []], `${what}: refused`);
    ok(/"code":"HTTP400"/.test(got.text), `${what}: in the form of all refusals`, got.text);
  }
  got = await behind(`GET /${'x'.repeat(9000)} HTTP/1.1\r\nHost: a\r\n\r\n`);
  ok(got.statuses[0] === '414' && /"code":"HTTP414"/.test(got.text), 'an address that is too long',
    got);
  got = await behind('GET /rpc/x HTTP/1.1\r\nHost: a\r\nCookie: prismiq_token=a%0d%0aX-User-ID:b; '
    + 'prismiq_token=c\r\nConnection: close, Authorization\r\n\r\n');
  const headers = JSON.parse(got.text.slice(got.text.indexOf('{'))).headers ?? {};
  is([headers.authorization, headers['x-user-id']], ['Bearer a%0d%0aX-User-ID:b', undefined],
    'of two cookies the first one counts, as it is');
});
