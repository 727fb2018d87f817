// The functions of the database, through a gateway. A token is the application's matter: it is
// given as a property, and asked for by an event when the gateway no longer takes it.

class Refusal extends Error {
  constructor(status, body = {}) {
    super(body.message ?? `HTTP ${status}`);
    Object.assign(this, { name: 'Refusal', status, code: body.code ?? null,
      hint: body.hint ?? null, details: body.details ?? null });
  }
}

// The database begins a message in small letters.
const sentence = (text) => text && text[0].toLocaleUpperCase() + text.slice(1);

// What to tell a person of an error: what is wrong, and what can be done.
function explain(error) {
  const { status, code, hint, message } = error;
  if (error instanceof TypeError) {
    return [t('The server cannot be reached'), t('Check the connection, then try again.')];
  }
  if (status === 401) return [t('You are signed out'), t('Sign in again, then try again.')];
  if (status === 403 || code === '42501') {
    return [t('You may not see this'), t('Ask an administrator for access.')];
  }
  if (code === 'PT404' || status === 404) {
    return [t('This is not here'), t('It was deleted, or it is not shared with you.')];
  }
  if (code === '57014' || error.sqlstate === '57014' || status === 504) {
    return [t('This took too long'), t('Choose a shorter period or fewer values, then try again.')];
  }
  if (status >= 500) return [t('The server has a problem'), t('Try again in a moment.')];
  return [sentence(message), hint ?? t('Change the filters, or edit this panel.')];
}

class Client {
  #host;

  #renewal = null;

  constructor(host) {
    this.#host = host;
  }

  // Ask the application for another token; who asks at the same time waits for the same one.
  #renew() {
    this.#renewal ??= (async () => {
      let answer;
      const before = this.#host.token;
      this.#host.emit('token', { respond: (given) => { answer = given; } });
      const given = await answer;
      if (typeof given === 'string') this.#host.keepToken(given);
      return this.#host.token && this.#host.token !== before;
    })().finally(() => { this.#renewal = null; });
    return this.#renewal;
  }

  async #send(name, given, { signal, accept }) {
    const endpoint = new URL(this.#host.getAttribute('endpoint') ?? '/rpc/', document.baseURI);
    const headers = { 'Content-Type': 'application/json', Accept: accept ?? 'application/json' };
    if (this.#host.token) headers.Authorization = `Bearer ${this.#host.token}`;
    return fetch(new URL(name, endpoint.href.replace(/\/?$/, '/')), { method: 'POST',
      credentials: 'same-origin', headers, body: JSON.stringify(given), signal });
  }

  // Call a function; its answer, as text where another media type than JSON is accepted.
  async call(name, given, options = {}) {
    const { token } = this.#host;
    let response = await this.#send(name, given, options);
    // Somebody else may have been answered meanwhile.
    if (response.status === 401 && (this.#host.token !== token || await this.#renew())) {
      response = await this.#send(name, given, options);
    }
    if (!response.ok) {
      throw new Refusal(response.status, await response.json().catch(() => ({})));
    }
    return options.accept ? response.text() : response.json();
  }
}

// ---- libraries ------------------------------------------------------------------

const libraries = new Map();

// The folder of the libraries: what the element says, else the database, else the module's own.
function librariesUrl(host) {
  const given = host.getAttribute('assets-url') || ASSETS_URL;
  if (given) return new URL(given, document.baseURI);
  return /\.js$/.test(new URL(import.meta.url).pathname) ? new URL('.', import.meta.url)
    : new URL('./assets/', document.baseURI);
}

// A library, loaded when it is first needed; what failed is tried again the next time.
function library(host, name) {
  const { href } = new URL(`${name}.js`, librariesUrl(host));
  if (!libraries.has(href)) {
    const loading = import(href);
    loading.catch(() => libraries.delete(href));
    libraries.set(href, loading);
  }
  return libraries.get(href);
}
