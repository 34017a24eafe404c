// What the SDK answers at its routes without Next.js: JSON from standard input, JSON to standard output.
import { readFileSync } from 'node:fs';
import { Auth0Client } from '@auth0/nextjs-auth0/server';
import { generateKeyPair } from 'oauth4webapi';

const { options, path } = JSON.parse(readFileSync(0, 'utf8'));
console.error = () => {}; // the SDK's log

async function answer() {
  if (options.useDPoP) options.dpopKeyPair = await generateKeyPair('ES256');
  const auth0 = new Auth0Client(options);
  const response = await auth0.middleware(new Request(`${options.appBaseUrl}${path}`));
  return {
    status: response.status,
    location: response.headers.get('location'),
    body: await response.text(),
  };
}

process.stdout.write(JSON.stringify(await answer().catch(({ message }) => ({ refused: message }))));
