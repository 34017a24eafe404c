"""The example of passkeys."""

from __future__ import annotations

import requests

from mockidp import MockIdP

WEBAUTHN = "urn:okta:params:oauth:grant-type:webauthn"
SPA = {"client_id": "acme-spa"}


def add_passkey(idp: MockIdP) -> None:
    methods = {"authentication_methods": {"passkey": {"enabled": True}}}
    idp.patch_connection("Username-Password-Authentication", options=methods)
    idp.patch_client("acme-spa", grant_types=[WEBAUTHN])
    alice = idp.add_passkey("alice")
    started = requests.post(f"{idp.url}/passkey/challenge", json=SPA, timeout=5).json()
    answer = alice.get(started["authn_params_public_key"])
    login = {"auth_session": started["auth_session"], "authn_response": answer}
    form = SPA | {"grant_type": WEBAUTHN} | login
    assert requests.post(f"{idp.url}/oauth/token", json=form, timeout=5).status_code == 200
