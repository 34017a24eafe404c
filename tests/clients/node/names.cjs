// Names that only this process knows: each is 127.0.0.1, as a container's name is some address.
'use strict';

const dns = require('node:dns');

const { lookup } = dns;

/** Let names of this machine be found; call it before anything connects. */
exports.know = (names) => {
  dns.lookup = (hostname, options, callback) =>
    lookup(names.includes(hostname) ? '127.0.0.1' : hostname, options, callback);
};
