"""What Microsoft's own libraries find in a WS-MetadataExchange document.

Reads the document from standard input and prints, as JSON, the endpoint that each library would send a user name and a
password to. Both libraries are used as they are; neither shares code with fedgate. Ends with 69 when one is missing.
"""

import json
import sys
from xml.etree import ElementTree

try:
    import adal.mex
    import msal.mex
except ImportError as missing:
    print(missing, file=sys.stderr)
    sys.exit(69)


class Fetched:
    """ADAL's reader with the fetching left out."""

    log_context = {"correlation_id": "00000000-0000-0000-0000-000000000000"}


def with_msal(document):
    return msal.mex.Mex(document).get_wstrust_username_password_endpoint()


def with_adal(document):
    reader = adal.mex.Mex({"log_context": Fetched.log_context, "verify_ssl": None, "proxies": None, "timeout": None},
                          "https://sts.contoso.test/adfs/services/trust/mex")
    reader._dom = ElementTree.fromstring(document)
    reader._parents = {child: parent for parent in reader._dom.iter() for child in parent}
    try:
        reader._parse()
    except adal.AdalError:
        return None
    found = reader.username_password_policy
    return {"address": found["url"], "version": found["version"]}


document = sys.stdin.read()
print(json.dumps({"msal": with_msal(document), "adal": with_adal(document)}))
