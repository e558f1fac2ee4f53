#!/usr/bin/env python3
"""A WS-Trust client that shares no code with fedgate: Python requests with a client certificate.

    sign_in.py URL CERTIFICATE KEY CA SIGNING_CERTIFICATE

Posts a token request, cuts the assertion out of the response with a regular expression (as MSAL does), has xmlsec1 verify
it, and prints what it found as one JSON object. Ends with 0 when a verified token came back.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import uuid

try:
    import requests
except ImportError:
    # A Python of the account's own may come first on the PATH; Debian's python3-requests belongs to the system's.
    SYSTEM = "/usr/bin/python3"
    if sys.executable == SYSTEM or not os.path.exists(SYSTEM):
        sys.exit("sign_in.py needs requests: apt-get install python3-requests")
    os.execv(SYSTEM, [SYSTEM, *sys.argv])

ACTION = "http://schemas.xmlsoap.org/ws/2005/02/trust/RST/Issue"
REQUEST = """<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' xmlns:wsa='http://www.w3.org/2005/08/addressing'>
<s:Header><wsa:Action s:mustUnderstand='1'>{action}</wsa:Action><wsa:MessageID>urn:uuid:{message}</wsa:MessageID>
<wsa:ReplyTo><wsa:Address>http://www.w3.org/2005/08/addressing/anonymous</wsa:Address></wsa:ReplyTo>
<wsa:To s:mustUnderstand='1'>{url}</wsa:To></s:Header>
<s:Body><wst:RequestSecurityToken xmlns:wst='http://schemas.xmlsoap.org/ws/2005/02/trust'>
<wsp:AppliesTo xmlns:wsp='http://schemas.xmlsoap.org/ws/2004/09/policy'><wsa:EndpointReference>
<wsa:Address>urn:federation:MicrosoftOnline</wsa:Address></wsa:EndpointReference></wsp:AppliesTo>
<wst:KeyType>http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey</wst:KeyType>
<wst:RequestType>http://schemas.xmlsoap.org/ws/2005/02/trust/Issue</wst:RequestType>
</wst:RequestSecurityToken></s:Body></s:Envelope>"""


def verify(assertion: str, signing_certificate: str) -> bool:
    with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
        file.write(assertion)
        file.flush()
        judged = subprocess.run(
            ["xmlsec1", "--verify", "--enabled-key-data", "key-name", "--pubkey-cert-pem", signing_certificate,
             "--id-attr:AssertionID", "urn:oasis:names:tc:SAML:1.0:assertion:Assertion", file.name],
            capture_output=True, text=True, check=False)
    return judged.returncode == 0


def main() -> int:
    url, certificate, key, ca, signing_certificate = sys.argv[1:]
    message = str(uuid.uuid4())
    session = requests.Session()
    session.trust_env = False
    response = session.post(
        url, data=REQUEST.format(action=ACTION, message=message, url=url).encode(), cert=(certificate, key), verify=ca,
        headers={"Content-Type": "application/soap+xml; charset=utf-8", "SOAPAction": ACTION}, timeout=20)
    found = {"status": response.status_code, "content_type": response.headers.get("Content-Type"),
             "request_id": response.headers.get("request-id"), "related": f"urn:uuid:{message}" in response.text}
    cut = re.search(r"<(?:\w+:)?RequestedSecurityToken[^>]*>(.*)</(?:\w+:)?RequestedSecurityToken>", response.text, re.S)
    if cut:
        assertion = cut.group(1)
        found["verified"] = verify(assertion, signing_certificate)
        found["method"] = re.search(r'AuthenticationMethod="([^"]*)"', assertion).group(1)
        found["audience"] = re.search(r"<saml:Audience>([^<]*)<", assertion).group(1)
        found["attributes"] = dict(re.findall(
            r'AttributeName="([^"]*)".*?<saml:AttributeValue[^>]*>([^<]*)</saml:AttributeValue>', assertion, re.S))
    else:
        subcode = re.search(r":?(\w+)</s:Value></s:Subcode>", response.text)
        found["subcode"] = subcode.group(1) if subcode else None
    print(json.dumps(found))
    return 0 if found.get("verified") else 1


if __name__ == "__main__":
    sys.exit(main())
