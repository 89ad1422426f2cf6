"""The document of the public API, held against the town: valid, complete, and true."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import validate
from schemathesis import checks
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
from werkzeug.test import Client

from chassis.identity import Identity, Role
from chassis.problems import MEDIA_TYPE
from gateway.table import ROUTES
from shop_events import ManualClock, new_id
from shop_suite import keys
from shop_suite.embedded import Embedded

EXAMPLES = 6
DOCUMENT = "/api/v1/openapi.json"
PEOPLE = {
    Role.SHOPPER: keys.shopper("ann"),
    Role.MERCHANT: keys.merchant("m-1"),
    Role.ADMIN: Identity(subject="ada", role=Role.ADMIN, session_id="of-ada"),
}

pytestmark = [
    pytest.mark.timeout(300),
    # werkzeug's test client leaves the file behind a large form to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    logging.getLogger().setLevel(logging.CRITICAL)  # what is asked here is no news
    town = Embedded(tmp_path_factory.mktemp("town"), clock=ManualClock())
    yield town
    town.stop()
    logging.getLogger().setLevel(logging.WARNING)


@pytest.fixture(scope="module")
def document(town: Embedded) -> dict[str, Any]:
    found: dict[str, Any] = Client(town.wsgi).get(DOCUMENT).get_json()
    return found


def test_the_document_is_openapi(document: dict[str, Any]) -> None:
    validate(document)


def test_the_document_has_every_public_route_and_no_other(document: dict[str, Any]) -> None:
    told = {
        (method.upper(), path)
        for path, item in document["paths"].items()
        for method in item.keys() - {"parameters"}
    }

    assert told == {(row.method, row.address) for row in ROUTES}


def test_what_the_document_says_of_who_may_call_is_what_the_table_says(
    document: dict[str, Any],
) -> None:
    for row in ROUTES:
        operation = document["paths"][row.address][row.method.lower()]
        roles = sorted(row.who) if isinstance(row.who, frozenset) else None
        assert operation.get("x-roles") == roles, (row.method, row.path)


def test_whatever_is_asked_the_answer_is_one_that_the_document_knows(
    town: Embedded,
) -> None:
    schema = schemathesis.openapi.from_wsgi(DOCUMENT, town.wsgi)
    lies: dict[str, str] = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        try:
            _ask(town, operation)
        except (AssertionError, FailureGroup) as error:
            lies[operation.label] = str(error).strip()

    assert not lies, "\n\n".join(f"{label}\n{lie}" for label, lie in lies.items())


def _ask(town: Embedded, operation: Any) -> None:
    roles = operation.definition.raw.get("x-roles")
    bearer = {}
    if roles:
        token = town.key.mint(PEOPLE[Role(roles[0])], now=town.clock.now())
        bearer = {"Authorization": f"Bearer {token}"}

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        answer = case.call(headers={**bearer, "Idempotency-Key": new_id()})
        _must_be_documented(case, answer)
        case.validate_response(answer, checks=_CHECKS)

    ask()


_CHECKS = [
    checks.not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def _must_be_documented(case: Any, answer: Any) -> None:
    asked = f"{case.formatted_path} {case.query} {str(case.body)[:300]}"
    if answer.status_code < 400:
        assert str(answer.status_code) in case.operation.definition.raw["responses"], asked
        return
    assert answer.headers["content-type"] == [MEDIA_TYPE], asked
    assert answer.status_code < 500 or answer.status_code == 503, asked
