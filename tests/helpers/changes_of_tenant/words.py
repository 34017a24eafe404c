"""Values that the requests share."""

CALLBACK = "http://localhost:3000/callback"
API = "https://api.acme.example/"
LOGIN = {"username": "alice@acme.example", "password": "Passw0rd!"}
GRANTS = ["authorization_code", "refresh_token"]
