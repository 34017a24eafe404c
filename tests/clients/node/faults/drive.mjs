// All of Node's clients in one process: a line says who does what, a line says what came of it.
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

/** Say what an error says, and what it says of its cause. */
function describe(error) {
  const answered = error.error ? ` (${error.error}: ${error.error_description})` : '';
  const named = error.name === 'Error' ? error.constructor.name : error.name;
  const code = typeof error.code === 'string' ? error.code : named;
  const said = `${code}: ${error.message}${answered}`;
  return error.cause instanceof Error ? `${said} < ${describe(error.cause)}` : said;
}

const PATIENCE = 5000;
const HANGS = Symbol('hangs');

/** Act; `hangs` if nothing comes of it. */
async function act({ client, does, given }) {
  let clock;
  const hanging = new Promise((resolve) => {
    clock = setTimeout(() => resolve(HANGS), PATIENCE);
  });
  try {
    const done = await Promise.race([CLIENTS[client][does](given), hanging]);
    return done === HANGS ? { hangs: true } : { done: String(done) };
  } catch (error) {
    return { refused: describe(error) };
  } finally {
    clearTimeout(clock);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await act(JSON.parse(line)))}\n`);
}
// What a fault holds up, a connection or a clock, would hold up the process too.
process.exit();
