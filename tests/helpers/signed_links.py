"""Links signed like the golden vectors, and functions to check them."""

from base64 import urlsafe_b64encode

import pytest

from mockidp.protocol.impersonation.bewit import BewitError, check_bewit, sign_url

KEY = "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn"
ID = "Xt0U1KfGlobalClientId"
EXP = 4102444800
ORIGIN = "https://localhost:9443"
LINK = ORIGIN + "/users/auth0%7Calice/impersonate?"


def encode(plain):
    return urlsafe_b64encode(plain.encode("latin-1")).rstrip(b"=").decode()


def target_with(plain):
    return f"/p?bewit={encode(plain)}"


def target_of(url):
    return "/" + url.split("/", 3)[3]


def check(target, **changes):
    request = {
        "method": "GET",
        "target": target,
        "origin": ORIGIN,
        "has_authorization": False,
        "keys": {ID: KEY},
        "now": 1000.0,
    }
    return check_bewit(**(request | changes))


def refusal(target, **changes):
    with pytest.raises(BewitError) as caught:
        check(target, **changes)
    return caught.value.check, caught.value.status, caught.value.message


def signed(url=LINK, **changes):
    return sign_url(**({"key": KEY, "id": ID, "exp": EXP, "url": url} | changes))
