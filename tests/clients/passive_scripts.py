#!/usr/bin/env python3
"""Scripts that sign in at the AD FS sign-in page without a browser, as people write them: Python requests, a cookie jar, and a
search for what they need in the page. They share no code with fedgate.

    passive_scripts.py SERVICE_PORT USER_TLS_PORT CERTIFICATE KEY CA SIGNING_CERTIFICATE

Prints as one JSON object what each of them got.
"""
import html.parser
import json
import sys

from sign_in import requests, verify
from urllib3.util import connection

HOST = "sts.contoso.test"
REQUEST = "wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline&wctx=a%2bb"
TWO_FACTORS = REQUEST + "&wauth=http%3a%2f%2fschemas.microsoft.com%2fclaims%2fmultipleauthn"
CERTIFICATE_CHOICE = {"AuthMethod": "CertificateAuthentication", "RetrieveCertificate": "1"}

connect = connection.create_connection
connection.create_connection = lambda address, *rest, **named: connect(("127.0.0.1", address[1]), *rest, **named)


class Inputs(html.parser.HTMLParser):
    """The fields of every form of a page."""

    def __init__(self, page):
        super().__init__()
        self.forms = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.forms.append({"action": attributes.get("action"), "id": attributes.get("id"), "fields": {}})
        elif tag == "input" and self.forms and "name" in attributes:
            self.forms[-1]["fields"][attributes["name"]] = attributes.get("value", "")


class Script:
    def __init__(self, service_port, user_tls_port, certificate, key, ca, signing):
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = ca
        self.person, self.signing = (certificate, key), signing
        self.service, self.user_tls = (f"https://{HOST}:{port}/adfs/ls/?" for port in (service_port, user_tls_port))

    def get(self, query):
        return self.session.get(self.service + query, timeout=20)

    def post(self, query, fields):
        return self.session.post(self.service + query, data=fields, timeout=20)

    def post_certificate(self, query, fields):
        headers = {"Origin": "null"}
        return self.session.post(self.user_tls + query, data=fields, headers=headers, cert=self.person, timeout=20)

    def found(self, response):
        forms = Inputs(response.text).forms
        fields = forms[0]["fields"] if forms else {}
        if "wresult" not in fields:
            return {"token": False, "status": response.status_code, "forms": [form["id"] for form in forms]}
        assertion = fields["wresult"].split("RequestedSecurityToken>")[1].rsplit("</", 1)[0]
        return {"token": True, "status": response.status_code, "verified": verify(assertion, self.signing),
                "action": forms[0]["action"], "wctx": fields.get("wctx"), "several": "multipleauthn" in assertion,
                "session": "MSISAuth" in self.session.cookies}


def straight_to_the_certificate_port(script):
    return script.found(script.post_certificate(REQUEST, CERTIFICATE_CHOICE))


def cookie_jar(script):
    script.get(REQUEST)
    script.post(REQUEST, {"AuthMethod": "CertificateAuthentication"})
    script.post_certificate(REQUEST, CERTIFICATE_CHOICE)
    return script.found(script.get(REQUEST))


def password_then_certificate(script):
    """Takes along the hidden fields of the pages, as most do."""
    hidden = Inputs(script.get(TWO_FACTORS).text).forms[0]["fields"]
    page = script.post(TWO_FACTORS, {**hidden, "UserName": "CONTOSO\\alice.adams", "Password": "Tr0ub4dor&3"})
    hidden = Inputs(page.text).forms[0]["fields"]
    return script.found(script.post_certificate(TWO_FACTORS, {**hidden, **CERTIFICATE_CHOICE}))


def password_without_looking(script):
    """Posts name and password to an address it knows by heart."""
    fields = {"UserName": "CONTOSO\\alice.adams", "Password": "Tr0ub4dor&3", "AuthMethod": "FormsAuthentication"}
    return script.found(script.post(REQUEST, fields))


if __name__ == "__main__":
    families = [straight_to_the_certificate_port, cookie_jar, password_then_certificate, password_without_looking]
    print(json.dumps({family.__name__: family(Script(*sys.argv[1:])) for family in families}))
