"""Texts about parameters that several endpoints have."""

RESOURCE = (
    "Auth0 treats it as the audience only if the tenant's resource_parameter_profile is "
    "compatibility. Send `audience`."
)
