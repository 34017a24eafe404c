"""Auth0's Authentication API."""

from mockidp.web.endpoints import (
    authorize,
    documents,
    impersonate,
    logout,
    revoke,
    token,
    unmatched,
    userinfo,
)

ROUTES = (
    authorize.ROUTE,
    token.ROUTE,
    revoke.ROUTE,
    userinfo.ROUTE,
    *documents.ROUTES,
    *logout.ROUTES,
    *impersonate.ROUTES,
    unmatched.FAVICON,
)
