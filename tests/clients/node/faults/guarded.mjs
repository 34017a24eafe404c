// An API with one endpoint, behind a guard.
import { once } from 'node:events';
import express from 'express';

/** Call the API with a token. Return the subject, or throw the guard's error. */
export async function call(guard, subjectOf, token) {
  const app = express();
  let refusal;
  app.get('/items', guard, (request, response) => response.json({ sub: subjectOf(request) }));
  app.use((error, _request, response, _next) => {
    refusal = error;
    response.sendStatus(error.status ?? 500);
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const response = await fetch(`http://127.0.0.1:${server.address().port}/items`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (refusal) throw refusal;
    return (await response.json()).sub;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
