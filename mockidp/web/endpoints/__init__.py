"""Auth0's Authentication API."""

from mockidp.web.endpoints import (
    accounts,
    authorize,
    certificates,
    cross_origin,
    device_code,
    documents,
    impersonate,
    legacy,
    logout,
    mfa,
    par,
    passwordless,
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
    cross_origin.ROUTE,
    *passwordless.ROUTES,
    device_code.ROUTE,
    userinfo.ROUTE,
    *documents.ROUTES,
    *certificates.ROUTES,
    *logout.ROUTES,
    *impersonate.ROUTES,
    *mfa.ROUTES,
    *legacy.ROUTES,
    unmatched.FAVICON,
)
