"""Refuse a grant without pages for an API that needs the user's consent."""

from __future__ import annotations

from mockidp.flows.grants.request import GrantRequest
from mockidp.protocol.errors.oauth_error import ConsentRequired
from mockidp.protocol.errors.refusal_texts import CONSENT_REQUIRED
from mockidp.resources.resource_server import ResourceServer


def check_consent(request: GrantRequest, api: ResourceServer | None) -> None:
    """Check that an API does not need the user's consent.

    Raises:
        ConsentRequired: It does.
    """
    if api is None:
        return
    skips = api.skip_consent_for_verifiable_first_party_clients
    with request.tenant.trace.check("consent", skips_consent=skips):
        if not skips:
            raise ConsentRequired(
                CONSENT_REQUIRED,
                hint=f"API {api.identifier} has `skip_consent_for_verifiable_first_party_clients: "
                "false`, and a token exchange has no page for consent. Set it to true.",
            )
