"""The stock ledger is proved each night (S2, FEATURES row 80)."""

import pytest
from sqlalchemy import text

from logistics_service.testing import MUG, POT, TEA, AnOrder
from logistics_service.usecases.prove_stock import prove_stock
from services.logistics.tests.town import Town


@pytest.fixture
def ledger(town: Town) -> Town:
    for sku_id in (MUG, POT, TEA):
        town.stocks(5, sku_id)
    town.confirmed(AnOrder())
    town.mo.patch(f"/stock/{POT}", {"safety": 2})
    return town


def proofs(town: Town) -> list[dict[str, object]]:
    return list(town.ada.get("/admin/stock-proofs").json["items"])


def test_s2_each_night_every_counter_is_proved_once(ledger: Town) -> None:
    ledger.bench.do_chores()
    ledger.bench.do_chores()
    ledger.bench.advance(24 * 3600)
    ledger.bench.do_chores()

    first, second = proofs(ledger)
    assert (first["night"], second["night"]) == ("2026-11-23", "2026-11-22")
    assert [(one["checked"], one["wrong"]) for one in (first, second)] == [(3, 0), (3, 0)]
    assert ledger.mo.get("/admin/stock-proofs").status_code == 403


def test_a_long_ledger_is_proved_in_parts(ledger: Town) -> None:
    parts = [prove_stock(ledger.bench.database, at_most=2) for _ in range(3)]

    assert parts == [2, 1, 0]
    assert [one["checked"] for one in proofs(ledger)] == [3]


@pytest.mark.parametrize("counter", ["on_hand", "safety", "version"])
def test_s2_a_counter_that_is_no_sum_raises_an_alarm(
    ledger: Town, counter: str, caplog: pytest.LogCaptureFixture
) -> None:
    change = f"UPDATE stock_levels SET {counter} = {counter} + :by WHERE sku_id = '{POT}'"
    _tamper(ledger, change, by=1)

    ledger.bench.do_chores()

    _tamper(ledger, change, by=-1)
    assert [one["wrong"] for one in proofs(ledger)] == [1]
    assert caplog.messages == [
        "S2: the counters of sku-pot in main are not the sum of its movements."
    ]


def _tamper(town: Town, statement: str, *, by: int) -> None:
    with town.bench.database.begin() as tx:
        tx.connection.execute(text(statement), {"by": by})
