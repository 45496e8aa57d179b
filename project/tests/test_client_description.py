"""The web client's copy of the API's description, from which its types are made."""

import orjson

from project.api import openapi
from project.config import ROOT


def test_the_client_has_the_description_of_this_api(shared_app):
    copy = orjson.loads((ROOT / "client" / "openapi.json").read_bytes())
    assert copy == orjson.loads(orjson.dumps(openapi.build(shared_app))), "Run script/client --api."


def test_every_reference_in_the_openapi_document_resolves(shared_app):
    document = openapi.build(shared_app)

    def follow(value):
        if isinstance(value, dict) and isinstance(reference := value.get("$ref"), str):
            place = document
            for step in reference.removeprefix("#/").split("/"):
                assert step in place, reference
                place = place[step]
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            follow(part)

    follow(document)
