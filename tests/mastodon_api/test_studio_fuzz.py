"""Whatever the document allows to be sent, and much that it does not, is answered as the document says: never a 500.

The requests are made from the document by schemathesis and sent over HTTP, so many for each endpoint.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from api_client import token_of
from described_api import document, faults
from hypothesis import HealthCheck, Phase, given, settings

import cast as people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
EACH = 12


@pytest.fixture(scope="module")
def operations() -> list[Any]:
    """Every operation of the document, to make requests of."""
    import schemathesis  # takes more than a second to load, which every run would wait for

    found = schemathesis.openapi.from_dict(document()).get_all_operations()
    return [result.ok() for result in found]


@pytest.mark.parametrize("family", sorted(each["name"] for each in document()["tags"]))
def test_no_request_breaks_it(
    family: str, operations: list[Any], live_server: Any, tmp_path: Path, settings: Any
) -> None:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, data_dir=tmp_path)
    bakery = people.bakery()
    token = token_of(bakery.owner, scopes="read write studio")
    asked = [operation for operation in operations if operation.tags[0] == family]
    assert asked
    for operation in asked:
        _ask(operation, page=bakery.page.id, url=live_server.url, token=token)


def _ask(operation: Any, *, page: int, url: str, token: str) -> None:
    @settings(
        max_examples=EACH,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def asked(case: Any) -> None:
        if "page_id" in (case.path_parameters or {}):
            case.path_parameters["page_id"] = str(page)
        answer = case.call(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=30)
        about = f"{operation.method.upper()} {operation.path} {case.query} {case.body}"[:600]
        assert answer.status_code < 500, about
        if answer.headers.get("Content-Type", "").startswith("application/json"):
            path = operation.path.replace("{page_id}", str(page)).replace("{", "").replace("}", "")
            assert faults(operation.method, path, answer.status_code, answer.json()) == [], about

    asked()
