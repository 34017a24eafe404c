"""mockidp's own client, with which the page `/_mockidp/try` logs in.

It is registered like any other client: in the tenant without a file, in the example, and in every
tenant file that lists it.
"""

from __future__ import annotations

from mockidp.protocol.oauth.grant_types import AUTHORIZATION_CODE, REFRESH_TOKEN
from mockidp.protocol.urls.rules import TEST_PAGE
from mockidp.resources.client import Client

TEST_CLIENT_ID = "mockidp-try"
TEST_CLIENT = Client(
    client_id=TEST_CLIENT_ID,
    name="mockidp test client",
    app_type="spa",
    token_endpoint_auth_method="none",
    grant_types=(AUTHORIZATION_CODE, REFRESH_TOKEN),
    callbacks=(TEST_PAGE,),
    allowed_logout_urls=(TEST_PAGE,),
)
AS_YAML = f"""\
clients:
  - client_id: {TEST_CLIENT_ID}
    name: {TEST_CLIENT.name}
    app_type: {TEST_CLIENT.app_type}
    token_endpoint_auth_method: none
    callbacks:
      - {TEST_PAGE} # at whichever URL the mock is reached
    allowed_logout_urls:
      - {TEST_PAGE}
    grant_types:
      - {AUTHORIZATION_CODE}
      - {REFRESH_TOKEN}
"""
