// The mock's control API.

/** Return a function that posts to a path of the control API. */
export function controlOf(base) {
  return async (path, body) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(base + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
  };
}
