// Resolve names to 127.0.0.1 in this process, as a container network resolves the names of services.
'use strict';

const dns = require('node:dns');

const { lookup } = dns;

/** Resolve names to this machine. Call it before any connection. */
exports.resolveLocally = (names) => {
  dns.lookup = (hostname, options, callback) =>
    lookup(names.includes(hostname) ? '127.0.0.1' : hostname, options, callback);
};
