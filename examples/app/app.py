"""A web app with login, and an API that accepts access tokens. Both only know the issuer."""

import os

import jwt
from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, request, session, url_for

ISSUER = os.environ.get("ISSUER", "http://localhost:9400/")
AUDIENCE = "https://api.acme.example/"

app = Flask(__name__)
app.secret_key = os.environ.get("SESSION_KEY", "only for tests")
keys = jwt.PyJWKClient(f"{ISSUER}.well-known/jwks.json")
idp = OAuth(app).register(
    "idp",
    client_id="acme-web",
    client_secret=os.environ.get("CLIENT_SECRET", "acme-web-secret"),
    server_metadata_url=f"{ISSUER}.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile email"},
)


@app.get("/")
def home():
    """Greet the user."""
    if "name" in session:
        return f"<h1>Hello {session['name']}</h1>"
    return '<a href="/login">Log in</a>'


@app.get("/login")
def login():
    """Send the browser to the identity provider."""
    return idp.authorize_redirect(url_for("callback", _external=True))


@app.get("/callback")
def callback():
    """Redeem the code from the callback."""
    session["name"] = idp.authorize_access_token()["userinfo"]["name"]
    return redirect(url_for("home"))


@app.get("/api/items")
def items():
    """List the items. Requires an access token for this API."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        key = keys.get_signing_key_from_jwt(token)
        jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=ISSUER)
    except jwt.PyJWTError as error:
        return {"error": str(error)}, 401
    return {"items": ["anvil", "rocket"]}
