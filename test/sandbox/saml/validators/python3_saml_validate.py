"""Validates a SAML Response with python3-saml. Reads a JSON case on stdin, prints a JSON verdict."""

import json
import sys
from urllib.parse import urlsplit

from onelogin.saml2.auth import OneLogin_Saml2_Auth

case = json.load(sys.stdin)
acs = urlsplit(case["acsUrl"])
auth = OneLogin_Saml2_Auth(
    {
        "https": "on" if acs.scheme == "https" else "off",
        "http_host": acs.netloc,
        "script_name": acs.path,
        "get_data": {},
        "post_data": {"SAMLResponse": case["samlResponse"]},
    },
    {
        "strict": True,
        "sp": {
            "entityId": case["audience"],
            "assertionConsumerService": {"url": case["acsUrl"]},
        },
        "idp": {
            "entityId": case["issuer"],
            "singleSignOnService": {"url": case["ssoUrl"]},
            "x509cert": case["certificate"],
        },
        "security": {
            "wantMessagesSigned": True,
            "wantAssertionsSigned": True,
            "wantNameId": True,
            "rejectDeprecatedAlgorithm": True,
        },
    },
)
auth.process_response(request_id=case["inResponseTo"])
print(
    json.dumps(
        {
            "valid": auth.is_authenticated() and not auth.get_errors(),
            "error": auth.get_last_error_reason(),
            "nameId": auth.get_nameid(),
            "attributes": auth.get_attributes(),
        }
    )
)
