"""Auth0's Authentication API."""

from mockidp.web.endpoints import (
    authorize,
    documents,
    impersonate,
    logout,
    not_built,
    revoke,
    token,
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
    *not_built.ROUTES,
)
