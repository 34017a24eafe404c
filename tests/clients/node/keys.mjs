// Private keys for Web Crypto.
import { createPrivateKey, webcrypto } from 'node:crypto';

/** Import a PEM as a key that signs with RS256. */
export async function importKey(pem) {
  const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  return webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}
