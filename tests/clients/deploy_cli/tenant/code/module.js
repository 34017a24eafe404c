exports.knots = (speed) => speed / 1.852;
