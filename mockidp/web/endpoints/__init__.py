"""Auth0's Authentication API."""

from mockidp.web.endpoints import (
    authorize,
    certificates,
    documents,
    impersonate,
    logout,
    par,
    revoke,
    token,
    unmatched,
    userinfo,
)

ROUTES = (
    authorize.ROUTE,
    token.ROUTE,
    revoke.ROUTE,
    par.ROUTE,
    userinfo.ROUTE,
    *documents.ROUTES,
    *certificates.ROUTES,
    *logout.ROUTES,
    *impersonate.ROUTES,
    unmatched.FAVICON,
)
