"""An API that verifies tokens with PyJWT and its `PyJWKClient`."""

import jwt


def guards_an_api(given, *, timeout=30, **options):
    keys = jwt.PyJWKClient(f"{given['issuer']}.well-known/jwks.json", timeout=timeout)
    key = keys.get_signing_key_from_jwt(given["token"])
    expected = {"audience": given["audience"], "issuer": given["issuer"]}
    claims = jwt.decode(given["token"], key, algorithms=["RS256"], **expected, **options)
    return claims.get("sub", "nobody")


def guards_an_api_with_leeway(given):
    return guards_an_api(given, leeway=120)


def guards_an_api_requiring_sub_and_exp(given):
    return guards_an_api(given, options={"require": ["exp", "sub"]})


def guards_an_api_with_timeout(given):
    return guards_an_api(given, timeout=1)


ACTIONS = {
    "guards an API": guards_an_api,
    "guards an API, with leeway": guards_an_api_with_leeway,
    "guards an API, requiring sub and exp": guards_an_api_requiring_sub_and_exp,
    "guards an API, with a timeout of one second": guards_an_api_with_timeout,
}
