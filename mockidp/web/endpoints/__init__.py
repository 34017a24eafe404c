"""Auth0's Authentication API."""

from mockidp.web.endpoints import (
    accounts,
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
    *accounts.ROUTES,
    userinfo.ROUTE,
    *documents.ROUTES,
    *certificates.ROUTES,
    *logout.ROUTES,
    *impersonate.ROUTES,
    unmatched.FAVICON,
)
