// What every program here does: JSON from standard input, JSON to standard output.
'use strict';

exports.program = async (main) => {
  const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));
  process.stdout.write(JSON.stringify(await main(given)));
};

/** Do something that may be refused; return what it came to, or how the SDK put the refusal. */
exports.attempt = async (action, describe) => {
  try {
    return { value: await action() };
  } catch (error) {
    return { refused: describe(error) };
  }
};
