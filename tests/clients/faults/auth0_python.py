"""auth0-python's authentication clients, and its verifier of ID tokens."""

from auth0.authentication import GetToken, Users
from auth0.authentication.token_verifier import AsymmetricSignatureVerifier, TokenVerifier

SCOPE = "openid profile email offline_access"


def _member(answer, name):
    """Return a member of a response, or the text that the SDK returns if it is not JSON."""
    return answer.get(name) if isinstance(answer, dict) else answer


def _get_token(given, client, **options):
    client_id, secret = given[client]["clientId"], given[client]["clientSecret"]
    protocol = given["issuer"].partition(":")[0]
    return GetToken(given["domain"], client_id, client_secret=secret, protocol=protocol, **options)


def _log_in(given):
    return _get_token(given, "web").login(
        "alice@acme.example",
        "Passw0rd!",
        realm="Username-Password-Authentication",
        scope=SCOPE,
    )


def logs_in(given):
    """Log in with a password, so that the SDK gets an ID token without a browser."""
    keys = AsymmetricSignatureVerifier(f"{given['issuer']}.well-known/jwks.json")
    verifier = TokenVerifier(keys, issuer=given["issuer"], audience=given["web"]["clientId"])
    return verifier.verify(_log_in(given)["id_token"])["sub"]


def _read_userinfo(given, token, claim="sub"):
    protocol = given["issuer"].partition(":")[0]
    users = Users(given["domain"], protocol=protocol)
    return _member(users.userinfo(token["access_token"]), claim)


def reads_userinfo(given):
    return _read_userinfo(given, _log_in(given))


def refreshes(given):
    refresh_token = _log_in(given)["refresh_token"]
    return _read_userinfo(given, _get_token(given, "web").refresh_token(refresh_token))


def redeems_a_code(given):
    get_token = _get_token(given, "web")
    token = get_token.passwordless_login("alice@acme.example", given["code"], "email", SCOPE, "")
    return _read_userinfo(given, token, "email")


def gets_a_token(given, **options):
    get_token = _get_token(given, "machine", **options)
    return _member(get_token.client_credentials(given["audience"]), "scope")


def gets_a_token_within_a_second(given):
    return gets_a_token(given, timeout=1)


ACTIONS = {
    "logs in": logs_in,
    "reads userinfo": reads_userinfo,
    "refreshes": refreshes,
    "redeems a code": redeems_a_code,
    "gets a token": gets_a_token,
    "gets a token within a second": gets_a_token_within_a_second,
}
