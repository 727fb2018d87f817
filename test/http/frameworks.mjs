// docs/frameworks.md: its files are written as they stand there, built with Vite where they are of
// a framework, and opened in a browser: the dashboard has its numbers, a token is set and renewed,
// an event arrives, and an element that is taken out leaves nothing behind. In a frame of another
// host a token gets to the page that it is for, and to no other.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { atEnd, freePort, gateway, is, ok, skipAll, test, token, user } from '../lib/http.mjs';
import { browser, front, makeDashboard, operations, panel, until } from '../lib/front.mjs';
import { blocks, folder } from '../lib/documents.mjs';

const modules = process.env.FRAMEWORKS;

if (!process.env.CHROMIUM) skipAll('Chromium cannot be installed here');
if (!modules) skipAll('the packages of test/http/frameworks cannot be had from npm');

const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>An application</title>
<main></main><script type="module" src="./main.js"></script></html>`;

// How an application uses the component of a section: window.show(props) and window.hide().
const mains = {
  React: `import { createElement } from 'react';
    import { createRoot } from 'react-dom/client';
    import { Dashboard } from './Dashboard.jsx';
    let root;
    window.show = (props) => {
      root ??= createRoot(document.querySelector('main'));
      root.render(createElement(Dashboard, { ...props, onPoint: props.point }));
    };
    window.hide = () => { root.unmount(); root = undefined; };`,
  Vue: `import { createApp, h, shallowRef } from 'vue';
    import Dashboard from './Dashboard.vue';
    let app;
    const props = shallowRef();
    window.show = (given) => {
      props.value = given;
      app ??= createApp({ render: () => h(Dashboard, { id: props.value.id,
        token: props.value.token, fetchToken: props.value.fetchToken,
        onPoint: props.value.point }) });
      if (!app._container) app.mount('main');
    };
    window.hide = () => { app.unmount(); app = undefined; };`,
};

// What the module has begun and not ended: listeners of what outlives an element, and timers.
const watch = () => {
  const ours = () => /\/assets\/prismiq\.js/.test(new Error().stack);
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  const left = new Map();
  const key = (target, type, listener) => {
    const known = [...left.keys()].find((k) => k.target === target && k.type === type
      && k.listener === listener);
    return known ?? { target, type, listener };
  };
  const begin = (k, what) => left.set(k, what);
  EventTarget.prototype.addEventListener = function added(type, listener, options) {
    const target = this ?? window;
    if (listener && ours() && !(target instanceof Node && target !== document)) {
      const k = key(target, type, listener);
      begin(k, `${target.constructor.name} ${type}`);
      options?.signal?.addEventListener('abort', () => left.delete(k));
    }
    return add.call(target, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function removed(type, listener, options) {
    left.delete(key(this ?? window, type, listener));
    return remove.call(this ?? window, type, listener, options);
  };
  for (const [start, stop] of [['setTimeout', 'clearTimeout'], ['setInterval', 'clearInterval']]) {
    const [starting, stopping] = [window[start], window[stop]];
    window[start] = (action, ...rest) => {
      const mine = ours();
      const id = starting((...args) => {
        if (start === 'setTimeout') left.delete(id);
        return action(...args);
      }, ...rest);
      if (mine) left.set(id, `${start} ${rest[0]}`);
      return id;
    };
    window[stop] = (id) => { left.delete(id); stopping(id); };
  }
  window.left = () => [...left.values()].sort();
};

test(async () => {
  const base = await gateway();
  const chrome = await browser();
  const work = folder();
  const found = blocks('frameworks.md');
  const file = (section, name) => {
    const { text } = found.find((one) => one.section === section
      && one.mark.split(' ')[1] === name);
    return text;
  };
  const { id } = await makeDashboard(base, operations((document) => {
    document.widgets = document.widgets.filter((one) => !/Services/.test(one.title));
    document.refresh_interval = 60;
  }));
  const good = token(user);
  const old = token({ ...user, exp: 1000000000 });
  const number = (shown) => panel(shown, 'Flights').locator('.value');

  // ---- files -----------------------------------------------------------------

  const served = join(work, 'www');
  mkdirSync(served);
  for (const name of ['index.html', 'app.js']) {
    writeFileSync(join(served, name), file('Plain HTML', name));
  }
  for (const name of ['frame.html', 'frame.js']) {
    writeFileSync(join(served, name), file('In a frame', name));
  }
  for (const [section, main] of Object.entries(mains)) {
    const source = join(work, section);
    mkdirSync(source);
    symlinkSync(modules, join(source, 'node_modules'));
    writeFileSync(join(source, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(source, 'index.html'), page);
    writeFileSync(join(source, 'main.js'), main);
    for (const name of section === 'React' ? ['Dashboard.jsx', 'vite.config.js']
      : ['Dashboard.vue', 'vite.config.js']) {
      writeFileSync(join(source, name), file(section, name));
    }
    const said = execFileSync(process.execPath, [join(modules, 'vite/bin/vite.js'), 'build',
      '--base', `/${section}/`, '--outDir', join(served, section)],
    { cwd: source, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    ok(/built in/.test(said), `${section}: Vite builds it`, said);
  }

  // ---- servers ---------------------------------------------------------------

  // Hosts of their own: pages(files) is the address of one.
  async function host(files) {
    const types = { html: 'text/html', js: 'text/javascript', token: 'text/plain' };
    const server = createServer((request, response) => {
      const name = new URL(request.url, 'http://x').pathname.slice(1);
      if (!(name in files)) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { 'Content-Type': types[name.split('.').pop()] });
      response.end(files[name]);
    });
    const port = await freePort();
    await new Promise((done) => { server.listen(port, '127.0.0.1', done); });
    atEnd(() => { server.closeAllConnections(); server.close(); });
    return `http://localhost:${port}`;
  }
  const application = {};
  const app = await host(application);
  const bi = await front(base, { PAGES: served, prepare(configuration) {
    const headers = join(configuration, 'headers.conf');
    writeFileSync(headers, readFileSync(headers, 'utf8')
      .replace("ancestors 'self'", `ancestors ${app}`));
  } });
  const addressed = (text) => text.replaceAll('https://bi.example.com', bi)
    .replaceAll('https://app.example', app);
  writeFileSync(join(served, 'frame.js'), addressed(file('In a frame', 'frame.js')));
  Object.assign(application, { 'host.html': file('In a frame', 'host.html'),
    'host.js': addressed(file('In a frame', 'host.js')), token: good });

  // A page, and what is said against it.
  async function opened(address, before = async () => {}) {
    const context = await chrome.newContext({ viewport: { width: 1280, height: 900 } });
    const shown = await context.newPage();
    const complaints = [];
    shown.on('pageerror', (error) => complaints.push(String(error)));
    shown.on('console', (line) => {
      if (['error', 'warning'].includes(line.type())
        && !/401|favicon/.test(`${line.text()} ${line.location().url}`)) {
        complaints.push(line.text());
      }
    });
    await shown.addInitScript(watch);
    await before(shown);
    await shown.goto(address);
    return { shown, complaints, context };
  }
  // The tokens that the application hands out, one after the other.
  const handing = (...tokens) => async (shown) => {
    await shown.route('**/token', (route) => route.fulfill({ contentType: 'text/plain',
      body: tokens.length > 1 ? tokens.shift() : tokens[0] }));
  };

  // ---- plain -----------------------------------------------------------------

  let { shown, complaints, context } = await opened(`${bi}/index.html?id=${id}`,
    handing(old, good));
  const said = [];
  shown.on('console', (line) => said.push(line.text()));
  ok(await until(() => number(shown).count()), 'plain HTML: it is shown');
  is(await number(shown).innerText(), '457', 'with its number, after the token was renewed');
  await number(shown).click();
  ok(await until(() => said.includes('457')), 'and its event is heard', said);
  is(complaints, [], 'nothing is said against it');
  await context.close();

  // The look and the words of docs/embedding.md.
  const embedding = blocks('embedding.md');
  for (const name of ['look.css', 'words.js']) {
    writeFileSync(join(served, name),
      embedding.find(({ mark }) => mark.split(' ')[1] === name).text);
  }
  writeFileSync(join(served, 'words.html'), file('Plain HTML', 'index.html').replace('<script',
    `<link rel="stylesheet" href="look.css"><script type="module" src="words.js"></script>
    <script`));
  ({ shown, complaints, context } = await opened(`${bi}/words.html?id=${id}`, handing(good)));
  ok(await until(() => shown.getByRole('button', { name: 'Alles neu laden' }).count()),
    'words are said in others');
  ok(await until(() => shown.locator('.mark-line path').count()), 'charts are drawn');
  is(await shown.locator('.mark-line path').first().getAttribute('stroke'), '#7c3aed',
    'in the colour of the page');
  is(complaints, [], 'nothing is said against it');
  await context.close();

  // ---- frameworks ------------------------------------------------------------

  for (const section of Object.keys(mains)) {
    ({ shown, complaints, context } = await opened(`${bi}/${section}/index.html`));
    const show = (with_token) => shown.evaluate(([one, first, fresh]) => {
      window.points = [];
      window.show({ id: one, token: first, fetchToken: () => Promise.resolve(fresh),
        point: (detail) => window.points.push(detail.widgetId) });
    }, [id, with_token, good]);
    ok(await until(() => shown.evaluate(() => Boolean(window.show))), `${section}: it starts`);
    await show(old);
    ok(await until(() => number(shown).count()), `${section}: it is shown`);
    is(await number(shown).innerText(), '457', `${section}: with its number, by the new token`);
    is(await shown.evaluate(() => {
      const element = document.querySelector('prismiq-dashboard');
      return [element.token, element.hasAttribute('token')];
    }), [good, false], `${section}: the token is a property`);
    await show(good);
    await number(shown).click();
    ok(await until(() => shown.evaluate(() => window.points.length === 1)),
      `${section}: an event arrives, once`);
    ok(await until(() => shown.locator('.mark-line path').count()), `${section}: charts`);
    ok((await shown.evaluate(() => window.left())).length > 1,
      `${section}: there are listeners and timers meanwhile`);
    const charts = await shown.evaluate(() => {
      window.gone = document.querySelector('prismiq-dashboard');
      const before = window.gone.views.length;
      window.hide();
      return before;
    });
    ok(charts > 0, `${section}: charts while it is there`, charts);
    // What was on its way to be drawn may come to its end; what is kept going would stay.
    const left = () => shown.evaluate(() => [window.gone.views.length, window.left()]);
    await until(async () => String(await left()) === '0,');
    is(await left(), [0, []], `${section}: nothing is left of what was taken out`);
    await show(good);
    ok(await until(() => number(shown).count()), `${section}: and it can be shown again`);
    is(complaints, [], `${section}: nothing is said against it`);
    await context.close();
  }

  // ---- types -----------------------------------------------------------------

  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const typed = join(work, 'typed');
  mkdirSync(typed);
  symlinkSync(modules, join(typed, 'node_modules'));
  writeFileSync(join(typed, 'prismiq-react.d.ts'), file('React', 'prismiq-react.d.ts'));
  writeFileSync(join(typed, 'prismiq.d.ts'),
    readFileSync(join(process.env.TEST_DIR, '..', 'docs', 'prismiq.d.ts')));
  const compiled = (attributes) => {
    writeFileSync(join(typed, 'shown.tsx'), `
      export const shown = <prismiq-dashboard ${attributes} />;
      export const other = <prismiq-widget widget-id="w" theme="dark" className="wide" />;\n`);
    try {
      execFileSync(process.execPath, [tsc, '--noEmit', '--strict', '--jsx', 'react-jsx', '--module',
        'esnext', '--moduleResolution', 'bundler', '--target', 'es2022', 'shown.tsx',
        'prismiq-react.d.ts'], { cwd: typed, encoding: 'utf8' });
      return '';
    } catch (error) {
      return error.stdout;
    }
  };
  is(compiled(`dashboard-id="d" token="t" locale="de"
    onprismiq-token={(event) => event.detail.respond(Promise.resolve('t'))}
    onprismiq-point={({ detail }) => detail.label.length}`), '', 'React: types of what there is');
  for (const wrong of ['token={7}', 'tokens="t"', 'theme="blue"',
    'onprismiq-point={({ detail }) => detail.nothing}']) {
    ok(/shown\.tsx\(\d+,\d+\): error/.test(compiled(wrong)),
      `React: and of nothing else: ${wrong}`);
  }

  // ---- in a frame ------------------------------------------------------------

  // Another's page in a frame beside it: it says that it is ready, offers ports of its own to
  // everybody, and keeps what it is told.
  const thief = await host({
    'thief.html': '<!doctype html><script src="thief.js"></script><title>Another</title>',
    'thief.js': `window.heard = [];
      const keep = ({ data, origin }) => heard.push([origin, data]);
      addEventListener('message', keep);
      const everybody = (w) => [w, ...Array.from({ length: w.length }, (_, i) => w[i])];
      setInterval(() => {
        for (const other of everybody(top)) {
          if (other === window) continue;
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = keep;
          other.postMessage('prismiq-ready', '*');
          other.postMessage('prismiq-port', '*', [port2]);
        }
      }, 5);`,
    'host.html': `<!doctype html><title>Another</title>
      <iframe src="${bi}/frame.html?id=${id}"></iframe><script src="thief.js"></script>` });
  application['two.html'] = application['host.html'].replace('<script',
    `<iframe class="other" src="${thief}/thief.html"></iframe><script`);
  ({ shown, complaints, context } = await opened(`${app}/two.html?id=${id}`, handing(old, good)));
  const inside = shown.frameLocator('iframe[title="Dashboard"]');
  ok(await until(() => number(inside).count()), 'in a frame: it is shown', complaints);
  is(await number(inside).innerText(), '457', 'with its number, after the token was renewed');
  const other = shown.frames().find((one) => one.url().startsWith(thief));
  ok(other, "another's frame is there");
  await new Promise((done) => { setTimeout(done, 200); });
  is(await other.evaluate(() => window.heard), [], 'and is told nothing');
  is(complaints, [], 'nothing is said against it');
  await context.close();

  // Another's page cannot have the frame at all; and where it can, it is not believed.
  ({ shown, complaints, context } = await opened(`${thief}/host.html`));
  ok(await until(() => complaints.some((line) => /frame-ancestors/.test(line))),
    'the page is not framed by others', complaints);
  await context.close();
  const bare = await front(base, { PAGES: served, prepare(configuration) {
    const headers = join(configuration, 'headers.conf');
    writeFileSync(headers, readFileSync(headers, 'utf8').replace(/; frame-ancestors [^"]*/, ''));
  } });
  const framing = await host({
    'host.html': `<!doctype html><title>Another</title>
      <iframe src="${bare}/frame.html?id=${id}"></iframe><script src="host.js"></script>`,
    'host.js': `window.heard = [];
      const keep = ({ data, origin }) => heard.push([origin, data]);
      addEventListener('message', keep);
      setInterval(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = (event) => { keep(event); port1.postMessage(${JSON.stringify(good)}); };
        frames[0].postMessage('prismiq-port', '*', [port2]);
      }, 20);` });
  ({ shown, context } = await opened(`${framing}/host.html`));
  const framed = shown.frames().find((one) => one.url().startsWith(bare));
  ok(await until(() => framed.evaluate(() => Boolean(
    window.customElements.get('prismiq-dashboard')))), 'a page of others has it in a frame');
  await new Promise((done) => { setTimeout(done, 300); });
  is([await shown.evaluate(() => window.heard), await framed.evaluate(() => document
    .querySelector('prismiq-dashboard').token)], [[], null],
  'it is told nothing, and no token of its own is taken');
  await context.close();
});
