// The frame of the programs: read JSON from standard input, write JSON to standard output.
'use strict';

exports.program = async (main) => {
  const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));
  // Without exit, the process would wait until connections with unread answers time out.
  process.stdout.write(JSON.stringify(await main(given)), () => process.exit());
};

/** Run an action that may be refused. Return its value, or the SDK's error. */
exports.attempt = async (action, describe) => {
  try {
    return { value: await action() };
  } catch (error) {
    return { refused: describe(error) };
  }
};
