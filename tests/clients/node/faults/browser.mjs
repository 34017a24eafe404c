// A browser whose user is signed in already, so that it only follows the redirect.

/** Open an authorization URL. Return the target of the redirect. */
export async function follow(url) {
  const response = await fetch(url, { redirect: 'manual' });
  const location = response.headers.get('location');
  if (!location) throw new Error(`${response.status}: ${await response.text()}`);
  return new URL(location, url);
}
