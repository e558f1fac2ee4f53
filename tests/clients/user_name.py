"""Microsoft's own libraries sign somebody in with a name and a password, from discovery to the token.

    user_name.py MEX_URL

Reads {"name": …, "password": …} from standard input. MSAL is driven by its public interface; what it asks of Entra ID is
answered here, and what it brings there is the token. ADAL asks Entra ID in a way that cannot be answered elsewhere, so its
parts are driven one by one. Both libraries are used as they are and trust what REQUESTS_CA_BUNDLE names. Prints, as JSON,
the token that each library would bring to Entra ID, or what it says went wrong. Ends with 69 when one is missing.
"""

import base64
import json
import socket
import sys

try:
    import adal
    import adal.mex
    import adal.wstrust_request
    import msal
    import requests
except ImportError as missing:
    print(missing, file=sys.stderr)
    sys.exit(69)

AUDIENCE = "urn:federation:MicrosoftOnline"
LOOPBACK = socket.getaddrinfo
# The name of the service is in no DNS.
socket.getaddrinfo = lambda host, *rest, **more: LOOPBACK(
    "127.0.0.1" if host in ("sts.contoso.test", b"sts.contoso.test") else host, *rest, **more)


class Said:
    """An answer of Entra ID."""

    def __init__(self, body):
        self.status_code, self.text, self.headers = 200, json.dumps(body), {}

    def raise_for_status(self):
        pass


class Web:
    """The gateway over the network, and as much of Entra ID as MSAL asks."""

    def __init__(self, mex):
        self.session, self.mex, self.brought = requests.Session(), mex, None

    def get(self, url, **more):
        entra = "https://login.microsoftonline.com/organizations"
        if url.startswith("https://sts.contoso.test"):
            return self.session.get(url, **more)
        if "openid-configuration" in url:
            return Said({"authorization_endpoint": f"{entra}/authorize", "token_endpoint": f"{entra}/token",
                         "issuer": f"{entra}/v2.0"})
        if "/userrealm/" in url:
            return Said({"ver": "1.0", "account_type": "Federated", "domain_name": "contoso.test",
                         "federation_protocol": "WSTrust", "federation_metadata_url": self.mex,
                         "federation_active_auth_url": "https://sts.contoso.test/unused",
                         "cloud_audience_urn": AUDIENCE})
        raise AssertionError(f"MSAL asks for {url}")

    def post(self, url, data=None, **more):
        if url.startswith("https://sts.contoso.test"):
            return self.session.post(url, data=data, **more)
        self.brought = data
        return Said({"access_token": "granted", "token_type": "Bearer", "expires_in": 3600})


def with_msal(mex, name, password):
    web = Web(mex)
    client = msal.PublicClientApplication(
        "00000000-0000-0000-0000-000000000001", authority="https://login.microsoftonline.com/organizations",
        http_client=web, validate_authority=False, instance_discovery=False)
    try:
        granted = client.acquire_token_by_username_password(name, password, scopes=["s"])
    except RuntimeError as error:
        return {"error": str(error)}
    assertion = web.brought["assertion"]
    assertion = assertion if isinstance(assertion, bytes) else assertion.encode()
    return {"granted": granted.get("access_token"), "grant": web.brought["grant_type"],
            "token": base64.urlsafe_b64decode(assertion + b"=" * (-len(assertion) % 4)).decode()}


def with_adal(mex, name, password):
    context = {"log_context": {"correlation_id": "00000000-0000-0000-0000-000000000000"}, "verify_ssl": None,
               "proxies": None, "timeout": 20, "api_version": None}
    try:
        reader = adal.mex.Mex(context, mex)
        reader.discover()
        found = reader.username_password_policy
        request = adal.wstrust_request.WSTrustRequest(context, found["url"], AUDIENCE, found["version"])
        answer = request.acquire_token(name, password)
    except adal.AdalError as error:
        return {"error": str(error)}
    token = answer.token if isinstance(answer.token, str) else answer.token.decode()
    return {"version": found["version"], "type": answer.token_type, "token": token}


said = json.load(sys.stdin)
print(json.dumps({"msal": with_msal(sys.argv[1], said["name"], said["password"]),
                  "adal": with_adal(sys.argv[1], said["name"], said["password"])}))
