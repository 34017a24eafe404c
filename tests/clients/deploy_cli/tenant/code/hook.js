module.exports = (user, context, callback) => callback();
