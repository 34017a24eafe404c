"""A device that waits for its user, and a tenant with clients for it."""

from dataclasses import replace

from helpers.acme import ACME, public_client, web_client
from helpers.tenant_client import TenantClient
from mockidp.protocol.oauth.grant_types import DEVICE_CODE, REFRESH_TOKEN

GRANTS = (DEVICE_CODE, REFRESH_TOKEN)
DEVICES = replace(
    ACME,
    clients=(
        *ACME.clients,
        public_client("cli", name="Acme CLI", grant_types=GRANTS, app_type="native"),
        public_client("tv", grant_types=GRANTS),
        public_client("legacy", grant_types=GRANTS, oidc_conformant=False),
        public_client("guest", grant_types=GRANTS, is_first_party=False, name="Guest CLI"),
        web_client("shared", grant_types=GRANTS),
    ),
)
PENDING = {
    "error": "authorization_pending",
    "error_description": "User has yet to authorize device code.",
}
TOO_FAST = {
    "error": "slow_down",
    "error_description": "You are polling faster than the specified interval of 5 seconds.",
}
CANCELED = {
    "error": "access_denied", "error_description": "User cancelled the confirmation prompt.",
}  # fmt: skip
INVALID = {"error": "invalid_grant", "error_description": "Invalid or expired device code."}


class Device:
    """A device: it requests its codes, and polls for tokens."""

    def __init__(self, idp, client_id="cli", **request):
        self.idp = idp
        self.client_id = client_id
        answer = idp.post("/oauth/device/code", client_id=client_id, **request)
        assert answer.status_code == 200, (answer.text, answer.headers.get("Mockidp-Hint"))
        self.codes = answer.json
        self.user_code = answer.json["user_code"]

    def poll(self, **changed):
        """Send a token request at once."""
        form = {
            "grant_type": DEVICE_CODE,
            "client_id": self.client_id,
            "device_code": self.codes["device_code"],
        } | changed
        return self.idp.post("/oauth/token", **{k: v for k, v in form.items() if v is not None})

    def poll_later(self):
        """Wait for the interval by the tenant's clock, and send a token request."""
        self.idp.later(self.codes["interval"])
        return self.poll()

    def tokens(self):
        """Return the tokens."""
        answer = self.poll_later()
        assert answer.status_code == 200, (answer.text, answer.headers.get("Mockidp-Hint"))
        return answer.json


def enter(idp: TenantClient, user_code: str) -> str:
    """Type the code on the page. Return the URL of the confirmation page."""
    answer = idp.post("/activate", code=user_code)
    assert answer.status_code == 302, answer.text
    assert answer.location.startswith("/u/device/confirmation?state=")
    return answer.location


def confirm(idp: TenantClient, user_code: str):
    """Type the code and confirm it. Return the answer."""
    return idp.submit(enter(idp, user_code), action="confirm")


def log_in(idp: TenantClient, user_code: str, user: str = "alice"):
    """Confirm the code and log in with a password. Return the last redirect."""
    return idp.log_in(confirm(idp, user_code).location, user)
