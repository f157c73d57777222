"""Validates a SAML Response with pysaml2. Reads a JSON case on stdin, prints a JSON verdict."""

import json
import sys

from saml2 import BINDING_HTTP_POST
from saml2.client import Saml2Client
from saml2.config import SPConfig

case = json.load(sys.stdin)
config = SPConfig()
config.load(
    {
        "entityid": case["audience"],
        "xmlsec_binary": case["xmlsec1"],
        "allow_unknown_attributes": True,
        "service": {
            "sp": {
                "endpoints": {"assertion_consumer_service": [(case["acsUrl"], BINDING_HTTP_POST)]},
                "allow_unsolicited": case["inResponseTo"] is None,
                "want_response_signed": True,
                "want_assertions_signed": True,
            }
        },
        "metadata": {"inline": [case["metadata"]]},
    }
)
outstanding = {} if case["inResponseTo"] is None else {case["inResponseTo"]: "/"}
try:
    response = Saml2Client(config).parse_authn_request_response(case["samlResponse"], BINDING_HTTP_POST, outstanding)
    verdict = {
        "valid": response is not None,
        "error": None,
        "nameId": response.name_id.text,
        "attributes": response.ava,
    }
except Exception as error:
    verdict = {"valid": False, "error": f"{type(error).__name__}: {error}", "nameId": None, "attributes": {}}
print(json.dumps(verdict))
