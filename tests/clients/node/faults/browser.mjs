// A browser whose user the tenant knows already: it only follows the redirect.

/** Open an authorization URL; return where it leads. */
export async function follow(url) {
  const response = await fetch(url, { redirect: 'manual' });
  const location = response.headers.get('location');
  if (!location) throw new Error(`${response.status}: ${await response.text()}`);
  return new URL(location, url);
}
