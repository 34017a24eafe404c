"""Texts about parameters that several endpoints have."""

RESOURCE = (
    "Auth0 treats it as the audience only if the tenant's resource_parameter_profile is "
    "compatibility. Send `audience`."
)
DETAILS = "Auth0 puts the details that the user granted into tokens, for APIs with these types."
