"""The parameters of /oauth/par: those of /authorize, and the client's authentication."""

from mockidp.protocol.oauth.request_object import REQUEST_URI
from mockidp.protocol.request_parameters.authorize import AUTHORIZE
from mockidp.protocol.request_parameters.client_authentication import (
    CLIENT_AUTHENTICATION,
    CLIENT_CERTIFICATE,
)
from mockidp.protocol.request_parameters.table import ParameterTable, parameter

PAR = ParameterTable(
    *CLIENT_AUTHENTICATION,
    *CLIENT_CERTIFICATE,
    parameter(
        REQUEST_URI,
        "not accepted",
        "A pushed request cannot refer to another one.",
    ),
    parameter("DPoP", "refused", "Auth0 binds the code to the key of this proof.", is_header=True),
    *(one for one in AUTHORIZE if one.name not in ("client_id", REQUEST_URI)),
)
"""The parameters of /oauth/par, in a form."""
