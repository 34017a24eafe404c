"""The API: the orders of a user. Requires a token with the scope `read:orders`."""

import jwt
from flask import jsonify, request
from requests import RequestException


class Api:
    """The routes that require a token."""

    def __init__(self, app, parts):
        issuer = app.config["ISSUER"]
        self._check = parts.token_check(
            issuer=issuer,
            audience=app.config["AUDIENCE"],
            jwks=parts.jwks(issuer, parts.retries),
            leeway=parts.leeway,
        )
        app.add_url_rule("/api/orders", endpoint="orders_of_the_api", view_func=self.orders)

    def orders(self):
        """Return the orders of the token's subject."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return _refuse(401, "invalid_request", "a bearer token is required")
        try:
            claims = self._check.claims(token)
        except jwt.PyJWTError as error:
            return _refuse(401, "invalid_token", str(error))
        except RequestException as error:
            return {"error": "temporarily_unavailable", "error_description": str(error)}, 503
        if "read:orders" not in claims.get("scope", "").split():
            return _refuse(403, "insufficient_scope", "read:orders is required")
        return {"of": claims["sub"], "orders": ["a teapot"]}


def _refuse(status, error, description):
    answer = jsonify(error=error, error_description=description)
    answer.headers["WWW-Authenticate"] = f'Bearer error="{error}"'
    return answer, status
