"""Keys of the WSGI environment with what layers in front of the pipeline found out."""

from __future__ import annotations

VOUCHED_HOSTS = "mockidp.hosts"
"""For hosts that a caller inside the process allows. No client can set it."""
SENT_HOST = "mockidp.sent_host"
"""For the Host header, if a proxy replaced it with X-Forwarded-Host."""
FORWARDED_MISTAKE = "mockidp.forwarded_mistake"
"""For the message about invalid headers of a proxy."""
UNKNOWN_TENANT = "mockidp.unknown_tenant"
"""For the message about a tenant that does not exist."""
DONE, REFUSAL = "mockidp.done", "mockidp.refusal"
"""For what a request that runs again has done once, and for its refusal without its state."""
