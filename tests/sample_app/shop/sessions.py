"""HTTP sessions for the identity provider, with a retry after a 429."""

import requests
from authlib.integrations.requests_client import OAuth2Session
from requests.adapters import HTTPAdapter
from urllib3 import Retry

TIMEOUT = 10

# A request answered with 429 had no effect, so even a code exchange can be retried. After a
# connection error the effect is unknown, so such requests are not retried.
RETRIES = Retry(
    total=3,
    connect=0,
    read=0,
    status_forcelist=[429],
    allowed_methods=None,
    backoff_factor=0.2,
    raise_on_status=False,
)


def mount(session, retries):
    """Make a session retry requests that were answered with 429."""
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retries))


class RetryingOAuth2Session(OAuth2Session):
    """The session of Authlib's client."""

    def __init__(self, *args, retries=RETRIES, **options):
        super().__init__(*args, default_timeout=TIMEOUT, **options)
        mount(self, retries)


def get_json(url, retries):
    """Return a public document, such as the JWKS."""
    with requests.Session() as session:
        mount(session, retries)
        response = session.get(url, timeout=TIMEOUT)
    response.raise_for_status()
    return response.json()
