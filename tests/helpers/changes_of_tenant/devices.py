"""Requests for devices."""

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


def request_code(mock):
    """Return the request for a device code."""
    client = {"token_endpoint_auth_method": "none", "grant_types": [DEVICE_CODE]}
    mock.control("POST", "/clients", {"client_id": "cli", **client})
    return lambda: mock.post("/oauth/device/code", {"client_id": "cli"})


def decide(decision, **more):
    """Return a function that prepares a decision about a device."""

    def prepare(mock):
        user_code = request_code(mock)().json["user_code"]
        return lambda: mock.control("POST", f"/devices/{decision}", {"user_code": user_code} | more)

    return prepare


def poll(mock):
    """Return the token request of a device."""
    code = request_code(mock)().json["device_code"]
    form = {"grant_type": DEVICE_CODE, "client_id": "cli", "device_code": code}
    return lambda: mock.post("/oauth/token", form)


def confirm(mock):
    """Return the request that confirms a device."""
    user_code = request_code(mock)().json["user_code"]
    page = mock.get(f"/activate?user_code={user_code}").headers["Location"]
    form = {"state": page.partition("state=")[2], "action": "confirm"}
    return lambda: mock.post("/u/device/confirmation", form)
