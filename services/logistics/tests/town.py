"""Ann and Bob buy, Mo and Lin sell, Swift and Snail carry."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from werkzeug.test import TestResponse

from chassis.testing import Bench, admin, merchant, shopper
from logistics_service.domain.fulfilment import Fulfilment
from logistics_service.domain.stock import Level
from logistics_service.outside.carrier import Carriers
from logistics_service.outside.pretend_carrier import PretendCarrier, Push
from logistics_service.store import fulfilments, stock
from logistics_service.testing import LIN, MO, MUG, AnOrder
from logistics_service.usecases.learn_product import claim_sku
from logistics_service.usecases.move_stock import receive_stock
from shop_events import Event
from shop_events.contracts.logistics import StockLevelChanged

# For tests of what SQL has no part in.
sqlite_alone = pytest.mark.parametrize("bench", ["sqlite"], indirect=True)

E = TypeVar("E", bound=Event)


class Town:
    """What tests do and see."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.mo = bench.client(merchant("mo", of=MO))
        self.lin = bench.client(merchant("lin", of=LIN))
        self.ann = bench.client(shopper("ann"))
        self.bob = bench.client(shopper("bob"))
        self.ada = bench.client(admin("ada"))
        self.nobody = bench.client()

    def stocks(self, quantity: int, sku_id: str = MUG, *, of: str = MO) -> None:
        with self.bench.database.begin(publishes={StockLevelChanged}) as tx:
            claim_sku(tx, sku_id, of)
            receive_stock(tx, sku_id, quantity, merchant_id=of)

    def hears(self, *happened: Event) -> None:
        for event in happened:
            self.bench.hears(event)

    def confirmed(self, order: AnOrder) -> str:
        """The order is placed, told where to go, and confirmed; the id of Mo's shipment."""
        self.hears(order.placed(), order.details(), order.confirmed())
        return self.fulfilment(order.id).id

    def said(self, wanted: type[E]) -> list[E]:
        return self.bench.said(wanted)

    def level(self, sku_id: str = MUG) -> Level:
        with self.bench.database.read() as connection:
            return stock.levels_of(connection, sku_id)[0]

    def counters(self, sku_id: str = MUG) -> tuple[int, int, int]:
        level = self.level(sku_id)
        return level.on_hand, level.held, level.allocated

    def fulfilment(self, order_id: str = "o-1", *, of: str = MO) -> Fulfilment:
        with self.bench.database.read() as connection:
            found = fulfilments.of_order(connection, order_id)
        return next(one for one in found if one.merchant_id == of)

    def ships(self, order_id: str = "o-1", *, carrier: str = "swift") -> str:
        """Mo ships all; the waybill."""
        shipment = self.fulfilment(order_id).id
        answer = self.mo.post(f"/shipments/{shipment}/ship", {"carrier": carrier})
        assert answer.status_code == 200, answer.text
        return str(answer.json["waybill"])

    def carrier(self, name: str = "swift") -> PretendCarrier:
        found = self.bench.runtime.outside_as(Carriers).contracts[name].carrier
        assert isinstance(found, PretendCarrier)
        return found

    def sees(self, waybill: str, state: str, *, hour: float = 0, carrier: str = "swift") -> bool:
        """The carrier tells where the parcel was, ``hour`` hours after now; whether it was news."""
        answer = self.pushes(self.push(waybill, state, hour=hour, carrier=carrier), carrier=carrier)
        assert answer.status_code == 200, answer.text
        return bool(answer.json["new"])

    def push(self, waybill: str, state: str, *, hour: float = 0, carrier: str = "swift") -> Push:
        at = self.now + timedelta(hours=hour)
        return self.carrier(carrier).sees(waybill, state, place="Depot 7", at=at, sent_at=self.now)

    def pushes(self, push: Push, *, carrier: str = "swift") -> TestResponse:
        headers = {name: text for name, text in push.headers.items() if name != "Content-Type"}
        return self.nobody.send(
            "POST",
            f"/logistics/webhooks/{carrier}",
            headers=headers,
            data=push.body,
            content_type="application/json",
        )

    @property
    def now(self) -> datetime:
        return self.bench.clock.now()

    def silence(self, carrier: str = "swift") -> None:
        """The carrier does not answer any more."""
        Path(f"var/pretend-carriers/{carrier}.db.down").parent.mkdir(parents=True, exist_ok=True)
        Path(f"var/pretend-carriers/{carrier}.db.down").touch()

    def speech(self, carrier: str = "swift") -> None:
        """The carrier answers again."""
        Path(f"var/pretend-carriers/{carrier}.db.down").unlink()


def at_once(*acts: Callable[[], object]) -> None:
    """Do all of them, each in a thread of its own, from the same moment on."""
    barrier, failures = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        barrier.wait(timeout=10)
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - asserted below
            failures.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert failures == []
    assert not any(thread.is_alive() for thread in threads)
