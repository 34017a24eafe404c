// auth0 4 and auth0.js 9: codes and links by e-mail and SMS, and what is refused.
import { createRequire } from "node:module";
import { program } from "./program.cjs";

const require = createRequire(import.meta.url);
