// @hapi/hawk as an oracle: makes bewits, and judges requests, each at a time that it is given.
'use strict';

const Hawk = require('@hapi/hawk');

let now = 0;
Date.now = () => now * 1000;

function make({ url, id, key, exp, ext }) {
  now = 0; // so that the time to live is the expiry
  return Hawk.client.getBewit(url, {
    credentials: { id, key, algorithm: 'sha256' },
    ttlSec: exp,
    ext,
  });
}

async function judge({ request, keys, now: at }) {
  now = at;
  const find = (id) => (Object.hasOwn(keys, id) ? { key: keys[id], algorithm: 'sha256' } : null);
  const { encrypted, ...rest } = request;
  try {
    const { attributes } = await Hawk.server.authenticateBewit(
      { ...rest, connection: { encrypted } },
      find,
    );
    return { status: 200, message: '', attributes };
  } catch (error) {
    if (!error.isBoom) throw error;
    return { status: error.output.statusCode, message: error.message };
  }
}

async function main() {
  const { made, judged } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
  const answers = [];
  for (const one of judged) answers.push(await judge(one));
  process.stdout.write(JSON.stringify({ made: made.map(make), judged: answers }));
}

main();
