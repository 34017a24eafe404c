function addClaim(user, context, callback) {
  callback(null, user, context);
}
