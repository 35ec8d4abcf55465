"""The OpenAPI document: what clients are generated from."""

from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from web.access import needed_role
from web.ask_models import AskRequest
from web.citing import FORMATS
from web.exporting import DOCX
from web.openai_models import ChatRequest
from web.proofread_models import ProofreadRequest
from web.verify_models import VerifyRequest

pytestmark = pytest.mark.model

NO_JSON = {"text/event-stream", "image/png", DOCX} | {
    media_type.partition(";")[0] for media_type, _ in FORMATS.values()
}


@pytest.fixture(scope="module")
def document(server_url: str) -> dict[str, Any]:
    result: dict[str, Any] = httpx.get(f"{server_url}/openapi.json").json()
    return result


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def test_operation_ids_are_stable(document: dict[str, Any]) -> None:
    assert {operation["operationId"] for operation in operations(document)} == {
        "ask",
        "cite",
        "correctReport",
        "createChatCompletion",
        "exportConversation",
        "getModel",
        "getPageImage",
        "getReport",
        "getService",
        "listImports",
        "listModels",
        "listPages",
        "listParagraphs",
        "listRemovedReports",
        "listReports",
        "livez",
        "proofread",
        "proofreadFile",
        "readyz",
        "removeReport",
        "rereadReport",
        "restoreReport",
        "sendFeedback",
        "signIn",
        "signOut",
        "uploadReports",
        "watchImports",
        "verify",
        "write",
    }


def test_only_what_changes_reports_needs_the_role_that_manages(document: dict[str, Any]) -> None:
    assert {
        operation["operationId"]
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if needed_role(method.upper(), path) == "manage"
    } == {"correctReport", "removeReport", "rereadReport", "restoreReport", "uploadReports"}


def test_every_error_is_documented_as_a_problem_or_as_openai_has_them(
    document: dict[str, Any],
) -> None:
    for operation in operations(document):
        (good,) = [status for status in operation["responses"] if status.startswith("2")]
        content = operation["responses"][good].get("content", {})
        for media_type, body in content.items():
            assert media_type in NO_JSON or "$ref" in body["schema"]
        assert bool(content) == (good != "204")
        of_openai = "openai" in operation["tags"]
        of_errors = "application/json" if of_openai else "application/problem+json"
        for status, response in operation["responses"].items():
            if status == "304":
                assert "content" not in response
            elif status != good:
                assert list(response["content"]) == [of_errors]
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(node: object) -> set[str]:
        if isinstance(node, dict):
            own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return own.union(*map(references, node.values()))
        return set().union(*map(references, node)) if isinstance(node, list) else set()

    schemas = document["components"]["schemas"]
    assert {name.rpartition("/")[2] for name in references(document)} <= schemas.keys()


@pytest.mark.parametrize("model", [AskRequest, ChatRequest, VerifyRequest, ProofreadRequest])
def test_the_examples_are_valid(document: dict[str, Any], model: type[BaseModel]) -> None:
    examples = document["components"]["schemas"][model.__name__]["examples"]
    assert [model.model_validate(example) for example in examples]
