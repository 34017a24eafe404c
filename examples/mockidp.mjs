// A client of the control API for tests in Node. docs/how-to/any-language.md has every call.
export class MockIdP {
  constructor(url) {
    this.url = url;
    this.issuer = `${url}/`;
  }

  async call(method, path, body) {
    const answer = await fetch(`${this.url}/_mockidp/v1${path}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    const read = answer.status === 204 ? {} : await answer.json();
    if (!answer.ok) throw new Error(`mockidp: ${method} ${path}: ${read.detail}`);
    return read.items ?? read;
  }

  /** Return another tenant of the same mock, which shares nothing with this one. */
  async tenant(name) {
    const all = await this.call('GET', '/tenants');
    const made = all.find((one) => one.name === name);
    return new MockIdP((made ?? (await this.call('POST', '/tenants', { name }))).url);
  }

  addUser = (user_id, fields = {}) => this.call('POST', '/users', { user_id, ...fields });
  addClient = (client_id, fields = {}) => this.call('POST', '/clients', { client_id, ...fields });
  addApi = (identifier, fields = {}) => this.call('POST', '/apis', { identifier, ...fields });
  signInAs = (user, client) => this.call('POST', '/sign-ins', { user, client });
  accessToken = (asked) => this.call('POST', '/tokens', asked);
  fault = (endpoint, words) => this.call('POST', '/faults', { endpoint, ...words });
  clock = (change) => this.call('POST', '/clock', change);
  journal = (query = {}) => this.call('GET', `/journal?${new URLSearchParams(query)}`);
  reset = () => this.call('POST', '/reset');
}
