"""How we talk to the identity provider: with `requests`, and again after a 429."""

import requests
from authlib.integrations.requests_client import OAuth2Session
from requests.adapters import HTTPAdapter
from urllib3 import Retry

TIMEOUT = 10

# A 429 says that nothing was done, so even the exchange of a code may be sent again. After a
# connection that broke nobody knows, so that is never.
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
    """Let a session send again what was answered with 429."""
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retries))


class PatientOAuth2Session(OAuth2Session):
    """What Authlib sends its requests with."""

    def __init__(self, *args, retries=RETRIES, **options):
        super().__init__(*args, default_timeout=TIMEOUT, **options)
        mount(self, retries)


def get_json(url, retries):
    """Return a public document, such as the JWKS."""
    with requests.Session() as session:
        mount(session, retries)
        answer = session.get(url, timeout=TIMEOUT)
    answer.raise_for_status()
    return answer.json()
