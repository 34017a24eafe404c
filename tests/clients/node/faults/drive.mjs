// All Node clients in one process. Each line of input is a task, each line of output its outcome.
import { createInterface } from 'node:readline';
import { expressBearer } from './express-bearer.mjs';
import { jwksRsa } from './jwks-rsa.mjs';
import { nodeAuth0 } from './node-auth0.mjs';
import { npmAuth0 } from './npm-auth0.mjs';
import { openidClient } from './openid-client.mjs';

const CLIENTS = {
  'openid-client': openidClient,
  'node-auth0': nodeAuth0,
  'npm auth0': npmAuth0,
  'express-oauth2-jwt-bearer': expressBearer,
  'jwks-rsa': jwksRsa,
};

/** Return the text of an error and of its cause. */
function describe(error) {
  const answered = error.error ? ` (${error.error}: ${error.error_description})` : '';
  const named = error.name === 'Error' ? error.constructor.name : error.name;
  const code = typeof error.code === 'string' ? error.code : named;
  const text = `${code}: ${error.message}${answered}`;
  return error.cause instanceof Error ? `${text} < ${describe(error.cause)}` : text;
}

const TIMEOUT = 15_000;
const HANGS = Symbol('hangs');

/** Run a task. The outcome is `hangs` if it does not end in time. */
async function act({ client, does, given }) {
  let timer;
  const hanging = new Promise((resolve) => {
    timer = setTimeout(() => resolve(HANGS), TIMEOUT);
  });
  try {
    const done = await Promise.race([CLIENTS[client][does](given), hanging]);
    return done === HANGS ? { hangs: true } : { done: String(done) };
  } catch (error) {
    return { refused: describe(error) };
  } finally {
    clearTimeout(timer);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await act(JSON.parse(line)))}\n`);
}
// Connections and timers that a fault keeps open would keep the process alive.
process.exit();
