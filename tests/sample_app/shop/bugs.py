"""Ten bugs that apps have: each exchanges one part of the sound app."""

import jwt
from authlib.integrations.flask_client import FlaskIntegration
from urllib3 import Retry

from shop.jwks import Jwks
from shop.login import IdpClient
from shop.parts import Parts
from shop.tokens import TokenCheck


class OneStateForAll(FlaskIntegration):
    """Takes the login that this browser began last, whatever state comes back."""

    def get_state_data(self, session, _state):
        begun = [key for key in session if key.startswith(f"_state_{self.name}_")]
        return session[begun[-1]]["data"] if begun else None


class NoNonce(IdpClient):
    """Sends a nonce, and does not look whether it comes back."""

    def parse_id_token(self, token, **expected):
        return super().parse_id_token(token, **{**expected, "nonce": None})


class AnyAudience(TokenCheck):
    """Takes the tokens of every API."""

    options = TokenCheck.options | {"verify_aud": False}


class AlgNone(TokenCheck):
    """Believes the token's header when it says that there is no signature."""

    def claims(self, token):
        if jwt.get_unverified_header(token)["alg"].lower() != "none":
            return super().claims(token)
        checks = {f"verify_{name}": True for name in ("iss", "aud", "iat", "nbf", "exp")}
        options = self.options | checks | {"verify_signature": False}
        return jwt.decode(token, options=options, **self.expected)


class JwksForEver(Jwks):
    """Fetches the keys once."""

    def _fetch(self):
        return self._keys or super()._fetch()


def keep_refresh_token(old, new):
    """Take the new access token only."""
    return {**new, "refresh_token": old["refresh_token"]}


def anywhere(wanted):
    """Go wherever the state says."""
    return wanted or "/"


BUGS = {
    "no_state_check": Parts(states=OneStateForAll),
    "no_nonce": Parts(client=NoNonce),
    "no_audience_check": Parts(token_check=AnyAudience),
    "alg_none_accepted": Parts(token_check=AlgNone),
    "pkce_dropped": Parts(pkce=None),
    "refresh_not_rotated": Parts(refreshed=keep_refresh_token),
    "jwks_never_refetched": Parts(jwks=JwksForEver),
    "no_retry_on_429": Parts(retries=Retry(0)),
    "no_clock_leeway": Parts(leeway=0),
    "open_redirect_through_state": Parts(return_path=anywhere),
}
