// A client of the control API for tests in Node. docs/how-to/any-language.md lists all calls.
export class MockIdP {
  constructor(url) {
    this.url = url;
    this.issuer = `${url}/`;
  }

  async call(method, path, body) {
    const response = await fetch(`${this.url}/_mockidp/v1${path}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    const result = response.status === 204 ? {} : await response.json();
    if (!response.ok) throw new Error(`mockidp: ${method} ${path}: ${result.detail}`);
    return result.items ?? result;
  }

  /** Return an isolated tenant of the same mock. Add it if it does not exist. */
  async tenant(name) {
    const all = await this.call('GET', '/tenants');
    const existing = all.find((one) => one.name === name);
    return new MockIdP((existing ?? (await this.call('POST', '/tenants', { name }))).url);
  }

  addUser = (user_id, fields = {}) => this.call('POST', '/users', { user_id, ...fields });
  addClient = (client_id, fields = {}) => this.call('POST', '/clients', { client_id, ...fields });
  addApi = (identifier, fields = {}) => this.call('POST', '/apis', { identifier, ...fields });
  signInAs = (user, client) => this.call('POST', '/sign-ins', { user, client });
  accessToken = (parameters) => this.call('POST', '/tokens', parameters);
  fault = (endpoint, words) => this.call('POST', '/faults', { endpoint, ...words });
  clock = (change) => this.call('POST', '/clock', change);
  journal = (query = {}) => this.call('GET', `/journal?${new URLSearchParams(query)}`);
  reset = () => this.call('POST', '/reset');
}
