"""A subscriber whose copy is new is told what it would have heard (S9)."""

from __future__ import annotations

from logistics_service.service import service
from logistics_service.usecases.change_rates import write_first_rates
from services.logistics.tests.town import Town
from shop_events.contracts.logistics import DeliveryRatesChanged, StockLevelChanged


def told(town: Town, name: str, *, at_most: int) -> list[object]:
    """All pages of a state."""
    state = next(one for one in service.states if one.contract.name == name)
    found: list[object] = []
    after = ""
    with town.bench.database.read() as connection:
        while page := state.page(connection, after, at_most):
            found += page
            after = str(getattr(page[-1], state.contract.key))
    return found


def test_levels_are_told_as_they_were_last_said(town: Town) -> None:
    town.stocks(5)
    town.stocks(3)
    town.stocks(2, "sku-teapot")
    last = {one.sku_id: one for one in town.said(StockLevelChanged)}

    assert told(town, "stock.level_changed", at_most=1) == [last[one] for one in sorted(last)]
    assert len(last) == 2


def test_rates_are_told_in_their_newest_version_alone(town: Town) -> None:
    with town.bench.database.begin(publishes={DeliveryRatesChanged}) as tx:
        write_first_rates(tx)

    assert told(town, "delivery_rates.changed", at_most=50) == town.said(DeliveryRatesChanged)[-1:]
