"""Steps that the tests of auth0-react and auth0-vue share. Their apps have the SDK as `auth`."""

NO_SESSION = "login_required: Login required"
REVOKED = "invalid_grant: Unknown or invalid refresh token."
_READ_USERINFO = """async (domain) => {
    const token = await auth.getAccessTokenSilently({cacheMode: "off"})
    const headers = {authorization: `Bearer ${token}`}
    return (await fetch(`${domain}/userinfo`, {headers})).json()
}"""
_TOKEN_ERROR = """() => auth.getAccessTokenSilently({cacheMode: "off"}).catch(
    (error) => `${error.error}: ${error.error_description}`
)"""


def read_userinfo(visitor):
    """Let the app get a new access token, and return the user's profile."""
    return visitor.evaluate(_READ_USERINFO, visitor.server.url)


def token_error(visitor):
    """Return the SDK's error when it gets no access token."""
    return visitor.evaluate(_TOKEN_ERROR)


def grants(visitor):
    """Return the grants of the token requests so far."""
    return [one["grant"] for one in visitor.journal(endpoint="token") if one["method"] == "POST"]


def deny_login(visitor):
    """Start a login and deny it. Return the error that the app shows."""
    visitor.wait_for_heading("Nobody")
    visitor.click("Log in")
    visitor.page.get_by_role("button", name="Deny").click()
    visitor.wait_for_heading("Failed")
    return visitor.alert_text()


def log_in_with(fault, visitor):
    """Log in with a fault. Return the error that the app shows."""
    visitor.control("POST", "/faults", fault)
    visitor.wait_for_heading("Nobody")
    visitor.click("Log in")
    visitor.pick_user("alice")
    visitor.wait_for_heading("Failed")
    return visitor.alert_text()
