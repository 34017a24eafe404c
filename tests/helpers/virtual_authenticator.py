"""The virtual authenticator of Chromium, which confirms each request without a person."""

_OPTIONS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class VirtualAuthenticator:
    """An authenticator of one browser context, added to a page."""

    def __init__(self, page):
        self._cdp = page.context.new_cdp_session(page)
        self._cdp.send("WebAuthn.enable")
        added = self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": _OPTIONS})
        self._named = {"authenticatorId": added["authenticatorId"]}

    def credentials(self):
        """Return the passkeys that it holds."""
        return self._cdp.send("WebAuthn.getCredentials", self._named)["credentials"]

    def set_sign_count(self, count):
        """Replace the counter of its only passkey."""
        [held] = self.credentials()
        self._cdp.send("WebAuthn.clearCredentials", self._named)
        changed = {**held, "signCount": count}
        self._cdp.send("WebAuthn.addCredential", {**self._named, "credential": changed})
