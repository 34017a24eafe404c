// @hapi/hawk as the reference: make bewits and verify requests, each at a given time.
'use strict';

const Hawk = require('@hapi/hawk');

let now = 0;
Date.now = () => now * 1000;

function make({ url, id, key, exp, ext }) {
  now = 0; // so that ttlSec is the expiry
  return Hawk.client.getBewit(url, {
    credentials: { id, key, algorithm: 'sha256' },
    ttlSec: exp,
    ext,
  });
}

async function verify({ request, keys, now: at }) {
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
  const { links, requests } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
  const verdicts = [];
  for (const request of requests) verdicts.push(await verify(request));
  process.stdout.write(JSON.stringify({ bewits: links.map(make), verdicts }));
}

main();
