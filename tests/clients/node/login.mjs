// A login without a browser: follow the redirects and submit the forms, also for consent.

/**
 * Log in at an authorization URL, or deny it with the action `deny`. Return the callback URL, whose
 * query has the fields of a form that would be posted there.
 */
export async function logIn(authorizationUrl, { username, password, callback, action = 'default' }) {
  const cookies = new Map();
  let url = new URL(authorizationUrl);
  let request = {};
  for (let hops = 0; hops < 10; hops += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      ...request,
      headers: cookie ? { cookie } : {},
      redirect: 'manual',
    });
    for (const line of response.headers.getSetCookie()) {
      const [name, value] = line.split(';', 1)[0].split('=');
      cookies.set(name, value);
    }
    request = {};
    if (response.status === 302) {
      url = new URL(response.headers.get('location'), url);
      if (url.href.startsWith(callback)) return url;
    } else if (response.status === 200 && url.pathname === '/u/login') {
      const state = url.searchParams.get('state');
      const body = new URLSearchParams({ state, username, password, action });
      request = { method: 'POST', body };
    } else if (response.status === 200 && url.pathname === '/u/consent') {
      const body = new URLSearchParams({ state: url.searchParams.get('state'), action: 'accept' });
      request = { method: 'POST', body };
    } else {
      const page = await response.text();
      if (!page.includes('id="form-post"')) throw new Error(`${response.status} at ${url}: ${page}`);
      return new URL(`${callback}?${fieldsOf(page)}`);
    }
  }
  throw new Error('too many redirects');
}

function fieldsOf(page) {
  const fields = page.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g);
  return new URLSearchParams([...fields].map(([, name, value]) => [name, value]));
}
