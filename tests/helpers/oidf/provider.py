"""The provider under test, as a relying party sees it: over HTTPS, or intercepted."""

from contextlib import contextmanager
from functools import cached_property

import requests

from mockidp import intercept

INTERCEPTED = "op.example.test"


class Provider:
    """A provider, and what it publishes. The provider's clock tells the time."""

    def __init__(self, idp, interface):
        self.idp = idp
        self.is_live = interface == "live"
        self.url = idp.tls_url if self.is_live else f"https://{INTERCEPTED}"
        self.http = self.new_browser()

    @contextmanager
    def reachable(self):
        """Answer to this provider's URL inside the block."""
        if self.is_live:
            yield
        else:
            with intercept(INTERCEPTED, idp=self.idp):
                yield

    def new_browser(self):
        """Return an HTTP client without cookies."""
        session = requests.Session()
        session.trust_env = False
        if self.is_live:
            session.verify = self.idp.ca_file
        return session

    def check_https(self):
        """Check that every endpoint is at an https URL."""
        for name, value in self.metadata.items():
            assert not name.endswith(("_endpoint", "_uri")) or value.startswith("https://"), name

    @property
    def now(self):
        """The provider's time, in seconds since 1970."""
        return self.idp.clock.now()

    @cached_property
    def metadata(self):
        """The discovery document."""
        return self.http.get(f"{self.url}/.well-known/openid-configuration").json()

    @property
    def issuer(self):
        """The issuer."""
        return self.metadata["issuer"]

    @cached_property
    def keys(self):
        """The key set."""
        return self.read_keys()

    def forget_keys(self):
        """Read the key set again when it is used next."""
        vars(self).pop("keys", None)

    def read_keys(self):
        """Return the current key set."""
        return self.http.get(self.metadata["jwks_uri"]).json()
