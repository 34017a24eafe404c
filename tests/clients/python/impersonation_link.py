"""Request an impersonation link. Reads JSON from standard input and writes JSON to standard output."""

import json
import sys

import requests

given = json.load(sys.stdin)
with requests.Session() as app:
    token = app.post(f"{given['url']}/oauth/token", json=given["grant"], timeout=10).json()
    app.headers["Authorization"] = f"Bearer {token['access_token']}"
    link = app.post(f"{given['url']}{given['path']}", json=given["body"], timeout=10).text
json.dump(link, sys.stdout)
