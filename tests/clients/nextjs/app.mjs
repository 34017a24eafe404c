// An app with @auth0/nextjs-auth0, without Next.js: the SDK's middleware takes and returns web requests.
// It reads the SDK's options as JSON from standard input, and prints its port, or the SDK's error
// about the options. It ends at the end of standard input.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { Auth0Client } from '@auth0/nextjs-auth0/server';
import { NextRequest, NextResponse } from 'next/server.js';
import { generateKeyPair } from 'oauth4webapi';

async function start(options) {
  if (options.useDPoP) options.dpopKeyPair = await generateKeyPair('ES256');
  const auth0 = new Auth0Client(options);

  async function answer(request) {
    const response = await auth0.middleware(request);
    if (!response.headers.has('x-middleware-next')) return response; // one of the SDK's routes
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/token') {
      const cookies = new NextResponse(); // receives the session's cookies
      const token = await auth0.getAccessToken(request, cookies, Object.fromEntries(searchParams));
      return Response.json(token, { headers: cookies.headers });
    }
    if (pathname === '/connection-token') {
      const cookies = new NextResponse();
      const options = Object.fromEntries(searchParams);
      const token = await auth0.getAccessTokenForConnection(options, request, cookies);
      return Response.json(token, { headers: cookies.headers });
    }
    const session = await auth0.getSession(request);
    if (pathname === '/user') return Response.json(session?.user ?? null);
    const page = `<!DOCTYPE html><title>App</title><h1>${session ? `Hello ${session.user.email}` : 'Nobody'}</h1>
      <a href="/auth/login">Log in</a> <a href="/auth/logout">Log out</a>`;
    return new Response(page, { headers: { 'content-type': 'text/html' } });
  }

  const server = createServer(async ({ url, headers }, response) => {
    const answered = await answer(new NextRequest(`${options.appBaseUrl}${url}`, { headers })).catch(
      ({ code, message, cause }) =>
        Response.json({ code, message, error: cause?.code }, { status: 500 }),
    );
    response.setHeaders(answered.headers);
    response.writeHead(answered.status).end(Buffer.from(await answered.arrayBuffer()));
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
}

createInterface(process.stdin)
  .once('line', (line) => start(JSON.parse(line)).catch((error) => console.log(error.message)))
  .once('close', () => process.exit());
