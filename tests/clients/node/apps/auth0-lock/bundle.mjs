// Bundles Lock for a browser, as an application does: `node bundle.mjs FOLDER`.
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const lock = fileURLToPath(import.meta.resolve('auth0-lock'));
const modules = `${lock.slice(0, lock.lastIndexOf('/lib/'))}/node_modules`;

await build({
  input: { 'auth0-lock': lock },
  platform: 'browser',
  // Lock needs React 18, where another application in this folder has React 19.
  resolve: { alias: { react: `${modules}/react`, 'react-dom': `${modules}/react-dom` } },
  transform: { define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' } },
  output: { dir: process.argv[2], format: 'iife', name: 'lock' },
  logLevel: 'warn',
});
