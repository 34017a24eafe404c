"""`/tokeninfo`: the profile of the user of an ID token.

Auth0: docs/fidelity.md, "Legacy endpoints".
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.legacy.id_token import IdTokenRefused, read_id_token
from mockidp.flows.legacy.request import check_is_enabled, require_text
from mockidp.flows.requests.parameters import check_parameters
from mockidp.protocol.errors.refusal import Unauthorized
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.request_parameters.legacy import TOKEN_INFO
from mockidp.protocol.tokens.claims import legacy_profile
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut

PATH = "/tokeninfo"
FLAG = "allow_legacy_tokeninfo_endpoint"


def token_info(tenant: Tenant, base_url: str, parameters: Parameters) -> dict[str, Any]:
    """Return the profile of the user of an ID token, in Auth0's key order.

    Raises:
        Refusal: The ID token is missing or not accepted, or the tenant has no such endpoint.
    """
    check_is_enabled(tenant, PATH, FLAG)
    text = require_text(tenant, parameters, "id_token")
    check_parameters(tenant, TOKEN_INFO, parameters)
    with tenant.trace.check("id_token", sent=cut(text)):
        try:
            token = read_id_token(tenant, base_url, text)
        except IdTokenRefused as error:
            raise Unauthorized(hint=error.hint) from None
    tenant.trace.note(client=token.client.client_id, user=token.user.user_id)
    known = tenant.directory.global_client
    profile = legacy_profile(token.user, token.client)
    return profile | ({"global_client_id": known.client_id} if known else {})
