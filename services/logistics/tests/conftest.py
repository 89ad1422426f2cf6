"""A town on a bench, on SQLite and on PostgreSQL; its books are audited after each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.testing import Bench, bench_fixture
from logistics_service.audit import counter_examples
from logistics_service.service import service
from logistics_service.testing import SECRETS
from services.logistics.tests.town import Town

bench = bench_fixture(service, carrier_secrets=SECRETS)


@pytest.fixture(autouse=True)
def _books_of_carriers_lie_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def town(bench: Bench) -> Iterator[Town]:
    town = Town(bench)
    yield town
    assert list(counter_examples(bench.database)) == []
