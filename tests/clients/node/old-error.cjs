// The errors of auth0 2 and 3: the answer's body is their text, or at the response.
'use strict';

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

exports.describe = ({ statusCode, message, response, originalError }) => {
  const body = response?.data ?? originalError?.response?.data ?? parse(message);
  return {
    error: body.error ?? body.code,
    description: body.error_description ?? body.description,
    status: statusCode ?? response?.status,
    message,
  };
};
