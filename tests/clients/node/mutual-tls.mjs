// openid-client 6 with mutual TLS (RFC 8705), at the endpoints that discovery names for it.
import * as client from 'openid-client';
import { Agent, fetch } from 'undici';
import { attempt, program } from './program.cjs';

const describe = ({ error, error_description, status, message }) => ({
  error,
  error_description,
  status,
  message,
});

program(async (given) => {
  const { issuer, audience, ca, key } = given;

  async function token(clientId, cert) {
    const agent = new Agent({ connect: { ca, cert, key } });
    const config = await client.discovery(
      new URL(issuer),
      clientId,
      { use_mtls_endpoint_aliases: true },
      client.TlsClientAuth(),
      { [client.customFetch]: (url, options) => fetch(url, { ...options, dispatcher: agent }) },
    );
    const { mtls_endpoint_aliases: aliases } = config.serverMetadata();
    const grant = () => client.clientCredentialsGrant(config, { audience });
    return { aliases, ...(await attempt(grant, describe)) };
  }

  return {
    selfSigned: await token('selfsigned', given.selfSigned),
    signed: await token('signed', given.signed),
    wrong: await token('selfsigned', given.wrong),
  };
});
