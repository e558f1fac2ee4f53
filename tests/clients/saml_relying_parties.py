#!/usr/bin/env python3
"""Relying parties of three makes that speak SAML 2.0: pysaml2, python3-saml and Lasso, which is inside mod_auth_mellon.

    saml_relying_parties.py < SETTINGS

Each reads fedgate's federation metadata, signs a request, lets somebody with a client certificate carry it to fedgate and
the response back, and says what it makes of it; then of the same response in altered forms, which it must refuse. At last
two of them are signed out by single logout, in the browser that was signed in to all. Prints what was found as one JSON
object. Ends with 69 where the libraries are not installed.
"""
import base64
import html
import json
import re
import subprocess
import sys
import tempfile
import typing
import urllib.parse

try:
    import lasso
    from onelogin.saml2.auth import OneLogin_Saml2_Auth
    from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
    from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
    from saml2.client import Saml2Client
    from saml2.config import SPConfig
    from saml2.sigver import verify_redirect_signature
    from saml2.xmldsig import SIG_RSA_SHA256
except ImportError:
    sys.exit(69)

PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
UPN = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"
STATE = "a&b=c d+é\"'<"


class Answer(typing.NamedTuple):
    status_code: int
    headers: dict
    text: str


class Browser:
    """Carries messages, with a client certificate and cookies. What goes to fedgate by name goes to its port. It is curl, since
    the libraries leave errors behind in this process's OpenSSL, which Python takes for its own."""

    def __init__(self, settings):
        self.settings, self.folder = settings, tempfile.TemporaryDirectory()

    def get(self, url):
        parts = urllib.parse.urlsplit(url)
        address = parts._replace(netloc=self.settings["user_tls"]).geturl()
        settings, jar = self.settings, self.folder.name + "/cookies"
        answer = subprocess.run(
            ["curl", "--silent", "--show-error", "--include", "--noproxy", "*", "--max-time", "20", "--cacert",
             settings["ca"], "--cert", settings["certificate"], "--key", settings["key"], "--cookie", jar,
             "--cookie-jar", jar, address],
            capture_output=True, check=True).stdout.decode()
        head, _, body = answer.partition("\r\n\r\n")
        status, *lines = head.split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        return Answer(int(status.split(" ")[1]), headers, body)

    def form(self, url):
        """The form that a request leads to: its address and its fields."""
        page = self.get(url).text
        action = re.search(r'action="([^"]*)"', page)
        if 'name="hiddenform"' not in page or action is None:
            raise AssertionError(page)
        fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)" />', page)
        return html.unescape(action[1]), {name: html.unescape(value) for name, value in fields}

    def metadata(self):
        return self.get("https://any/FederationMetadata/2007-06/FederationMetadata.xml").text


def attributes_of(found):
    return {name: list(values) for name, values in found.items()}


class Pysaml2:
    name = "pysaml2"

    def __init__(self, settings, metadata):
        self.base = settings["parties"][self.name]
        config = SPConfig()
        config.load({
            "entityid": self.base + "/metadata",
            "metadata": {"inline": [metadata]},
            "key_file": settings["sp_key"],
            "cert_file": settings["sp_certificate"],
            "encryption_keypairs": [{"key_file": settings["sp_key"], "cert_file": settings["sp_certificate"]}],
            "allow_unknown_attributes": True,
            "service": {"sp": {
                "endpoints": {
                    "assertion_consumer_service": [(self.base + "/acs", BINDING_HTTP_POST)],
                    "single_logout_service": [(self.base + "/slo", BINDING_HTTP_REDIRECT)],
                },
                "name_id_policy_format": PERSISTENT,
                "authn_requests_signed": True,
                "logout_requests_signed": True,
                "want_assertions_signed": True,
                "want_response_signed": False,
            }},
        })
        self.client, self.issuer = Saml2Client(config), settings["issuer"]

    def request(self):
        self.id, info = self.client.prepare_for_authenticate(
            entityid=self.issuer, relay_state=STATE, binding=BINDING_HTTP_REDIRECT, sign=True, sigalg=SIG_RSA_SHA256)
        return dict(info["headers"])["Location"]

    def accept(self, response):
        answer = self.client.parse_authn_request_response(response, BINDING_HTTP_POST, outstanding={self.id: "/"})
        if answer is None:
            raise ValueError("not accepted")
        return {"name": answer.name_id.text, "attributes": attributes_of(answer.ava), "index": answer.assertion.authn_statement[0].session_index}

    def told(self, url):
        """Reads fedgate's logout request and answers it."""
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        certificate, *_ = self.client.metadata.certs(self.issuer, "idpsso", "signing")
        if not verify_redirect_signature(query, self.client.sec.sec_backend, certificate):
            raise ValueError("the logout request is not signed by fedgate")
        request = self.client.parse_logout_request(query["SAMLRequest"], BINDING_HTTP_REDIRECT)
        answer = self.client.create_logout_response(request.message, [BINDING_HTTP_REDIRECT], sign=False)
        info = self.client.apply_binding(
            BINDING_HTTP_REDIRECT, str(answer), self.idp_logout(), response=True, sign=True, sigalg=SIG_RSA_SHA256)
        return request.message.name_id.text, dict(info["headers"])["Location"]

    def idp_logout(self):
        return self.client.metadata.single_logout_service(self.issuer, BINDING_HTTP_REDIRECT, "idpsso")[0]["location"]


class Python3Saml:
    name = "python3-saml"

    def __init__(self, settings, metadata):
        self.base = settings["parties"][self.name]
        read = lambda file: open(file, encoding="ascii").read()
        idp = OneLogin_Saml2_IdPMetadataParser.parse(metadata)["idp"]
        self.settings = {
            "strict": True,
            "sp": {
                "entityId": self.base + "/metadata",
                "assertionConsumerService": {"url": self.base + "/acs"},
                "singleLogoutService": {"url": self.base + "/slo"},
                "NameIDFormat": PERSISTENT,
                "x509cert": read(settings["sp_certificate"]),
                "privateKey": read(settings["sp_key"]),
            },
            "idp": idp,
            "security": {
                "authnRequestsSigned": True, "logoutRequestSigned": True, "wantMessagesSigned": True,
                "wantAssertionsSigned": True, "wantAssertionsEncrypted": True, "requestedAuthnContext": False,
                "signatureAlgorithm": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            },
        }

    def auth(self, path, **data):
        host = urllib.parse.urlsplit(self.base).netloc
        return OneLogin_Saml2_Auth({"https": "on", "http_host": host, "script_name": path, **data}, self.settings)

    def request(self):
        auth = self.auth("/", get_data={}, post_data={})
        url = auth.login(return_to=STATE)
        self.id = auth.get_last_request_id()
        return url

    def accept(self, response):
        auth = self.auth("/acs", get_data={}, post_data={"SAMLResponse": response})
        auth.process_response(request_id=self.id)
        if auth.get_errors() or not auth.is_authenticated():
            raise ValueError(auth.get_last_error_reason() or auth.get_errors())
        self.name_id, self.index = auth.get_nameid(), auth.get_session_index()
        return {"name": self.name_id, "attributes": attributes_of(auth.get_attributes()), "index": self.index}

    def sign_out(self):
        auth = self.auth("/", get_data={}, post_data={})
        url = auth.logout(name_id=self.name_id, session_index=self.index, name_id_format=PERSISTENT, return_to=STATE)
        self.logout_id = auth.get_last_request_id()
        return url

    def signed_out(self, url):
        query = urllib.parse.urlsplit(url).query
        data = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        auth = self.auth("/slo", get_data=data, post_data={}, query_string=query)
        auth.process_slo(request_id=self.logout_id)
        return {"errors": auth.get_errors(), "reason": auth.get_last_error_reason(), "state": data.get("RelayState")}


class Lasso:
    name = "lasso"

    def __init__(self, settings, metadata):
        self.base, self.issuer = settings["parties"][self.name], settings["issuer"]
        own = f"""<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{self.base}/metadata">
<SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" AuthnRequestsSigned="true">
<AssertionConsumerService index="0" isDefault="true" Binding="{BINDING_HTTP_POST}" Location="{self.base}/acs"/>
</SPSSODescriptor></EntityDescriptor>"""
        read = lambda file: open(file, encoding="ascii").read()
        self.server = lasso.Server.newFromBuffers(own, read(settings["sp_key"]), None, read(settings["sp_certificate"]))
        self.server.signatureMethod = lasso.SIGNATURE_METHOD_RSA_SHA256
        self.server.addProviderFromBuffer(lasso.PROVIDER_ROLE_IDP, metadata, None, None)

    def request(self):
        self.login = lasso.Login(self.server)
        self.login.initAuthnRequest(self.issuer, lasso.HTTP_METHOD_REDIRECT)
        self.login.request.nameIDPolicy.format = PERSISTENT
        self.login.msgRelayState = STATE
        self.login.buildAuthnRequestMsg()
        self.dump = self.login.request.id
        return self.login.msgUrl

    def accept(self, response):
        login = lasso.Login(self.server)
        login.processAuthnResponseMsg(response)
        login.acceptSso()
        assertion = login.assertion
        if assertion.subject.subjectConfirmation.subjectConfirmationData.inResponseTo != self.dump:
            raise ValueError("another request")
        values = {}
        for attribute in assertion.attributeStatement[0].attribute:
            values[attribute.name] = [value.any[0].content for value in attribute.attributeValue]
        index = assertion.authnStatement[0].sessionIndex
        return {"name": login.nameIdentifier.content, "attributes": values, "index": index}


def without(text, start, end):
    first = text.index(start)
    return text[:first] + text[text.index(end, first) + len(end):]


def alterations(xml):
    """The same response as attackers would have it."""
    yield "another value", xml.replace("alice@", "admin@")
    signature = ("<ds:Signature ", "</ds:Signature>")
    bare = xml
    while signature[0] in bare:
        bare = without(bare, *signature)
    yield "no signature", bare
    found = re.search(r"<saml:Assertion .*</saml:Assertion>", xml)
    if found:
        genuine = found[0]
        forged = without(genuine, *signature) if signature[0] in genuine else genuine
        forged = forged.replace("alice@", "admin@").replace(' ID="_', ' ID="_f', 1)
        yield "a forged assertion before the genuine one", xml.replace(genuine, forged + genuine)
        inside = f"<samlp:Extensions>{genuine}</samlp:Extensions>"
        yield "the genuine assertion in extensions", xml.replace(genuine, forged).replace("<samlp:Status>", inside + "<samlp:Status>")
        yield "a comment in the name", xml.replace("alice@", "alice<!-- -->@").replace("alice<!", "admin<!", 1)
    encrypted = re.search(r"(</xenc:EncryptedKey></KeyInfo><xenc:CipherData><xenc:CipherValue>)(.)", xml)
    if encrypted:
        other = "A" if encrypted[2] != "A" else "B"
        yield "another cipher text", xml.replace(encrypted[0], encrypted[1] + other)


def judged(party, browser):
    action, fields = browser.form(party.request())
    found = {"action": action, "state": fields.get("RelayState") == STATE, "fields": sorted(fields)}
    response = fields["SAMLResponse"]
    xml = base64.b64decode(response).decode()
    found["encrypted"] = "EncryptedAssertion" in xml
    found["accepts"] = party.accept(response)
    found["takes"] = []
    for name, altered in alterations(xml):
        if altered == xml:
            continue
        found.setdefault("tried", []).append(name)
        try:
            party.accept(base64.b64encode(altered.encode()).decode())
            found["takes"].append(name)
        except Exception:  # each library has exceptions of its own
            pass
    party.accept(response)
    return found


def signed_out(asking, told, browser):
    """One relying party asks for the logout, the other is told."""
    there = browser.get(asking.sign_out())
    address = there.headers["location"]
    name, answer = told.told(address)
    back = browser.get(answer)
    return {
        "told": [urllib.parse.urlsplit(address)._replace(query="").geturl(), name],
        "status": [there.status_code, back.status_code],
        **asking.signed_out(back.headers["location"]),
    }


def main():
    settings = json.load(sys.stdin)
    browser = Browser(settings)
    metadata = browser.metadata()
    parties = [make(settings, metadata) for make in (Lasso, Pysaml2, Python3Saml)]
    found = {party.name: judged(party, browser) for party in parties}
    _, pysaml2, python3_saml = parties
    found["partial_logout"] = signed_out(python3_saml, pysaml2, browser)
    # somebody who was at no third party, which cannot be told
    browser = Browser(settings)
    for party in (pysaml2, python3_saml):
        judged(party, browser)
    found["logout"] = signed_out(python3_saml, pysaml2, browser)
    found["logout_again"] = python3_saml.signed_out(browser.get(python3_saml.sign_out()).headers["location"])
    print(json.dumps(found))


if __name__ == "__main__":
    main()
