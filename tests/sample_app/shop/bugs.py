"""Ten common bugs. Each replaces one part of the correct app."""

import jwt
from authlib.integrations.flask_client import FlaskIntegration
from urllib3 import Retry

from shop.jwks import Jwks
from shop.login import IdpClient
from shop.parts import Parts
from shop.tokens import TokenCheck


class NoStateCheck(FlaskIntegration):
    """Continues the last login of the browser, whatever state is returned."""

    def get_state_data(self, session, _state):
        begun = [key for key in session if key.startswith(f"_state_{self.name}_")]
        return session[begun[-1]]["data"] if begun else None


class NoNonceCheck(IdpClient):
    """Sends a nonce, but does not verify it."""

    def parse_id_token(self, token, **expected):
        return super().parse_id_token(token, **{**expected, "nonce": None})


class AnyAudience(TokenCheck):
    """Accepts tokens for every API."""

    options = TokenCheck.options | {"verify_aud": False}


class AlgNone(TokenCheck):
    """Accepts unsigned tokens whose header says `alg: none`."""

    def claims(self, token):
        if jwt.get_unverified_header(token)["alg"].lower() != "none":
            return super().claims(token)
        checks = {f"verify_{name}": True for name in ("iss", "aud", "iat", "nbf", "exp")}
        options = self.options | checks | {"verify_signature": False}
        return jwt.decode(token, options=options, **self.expected)


class CachedJwks(Jwks):
    """Fetches the keys only once."""

    def _fetch(self):
        return self._keys or super()._fetch()


def keep_refresh_token(old, new):
    """Keep the old refresh token."""
    return {**new, "refresh_token": old["refresh_token"]}


def any_url(target):
    """Return the target of the state unchecked."""
    return target or "/"


BUGS = {
    "no_state_check": Parts(states=NoStateCheck),
    "no_nonce": Parts(client=NoNonceCheck),
    "no_audience_check": Parts(token_check=AnyAudience),
    "alg_none_accepted": Parts(token_check=AlgNone),
    "pkce_dropped": Parts(pkce=None),
    "refresh_not_rotated": Parts(refreshed=keep_refresh_token),
    "jwks_never_refetched": Parts(jwks=CachedJwks),
    "no_retry_on_429": Parts(retries=Retry(0)),
    "no_clock_leeway": Parts(leeway=0),
    "open_redirect_through_state": Parts(return_path=any_url),
}
