"""F11: whatever happens to orders, and however it is told, they stay sound and come to an end.

`World` behaves as the services around order do; what they say waits in the mail and is delivered
late, early, twice or all at once. After each step order is compared with `Expected`, its books
are audited, and at the end of each story everybody does his duty and every order must be over.
"""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run
from sqlalchemy import event, select

from chassis import migrate
from chassis.settings import Env, Secret
from chassis.testing import ISSUER_KEY, Bench
from chassis.tokens import key_set_of
from order_service.audit import facts, problems
from order_service.config import OrderSettings
from order_service.domain.errors import NotCancellable, NothingToReceive
from order_service.domain.quote import Destination, Quote, QuoteLine, share_freight, share_out
from order_service.service import service
from order_service.usecases.cancel_order import cancel_order
from order_service.usecases.confirm_receipt import confirm_receipt
from order_service.usecases.offer_quote import offer_quote
from order_service.usecases.place_order import Wish, place_order
from services.order.tests.story.model import Expected
from services.order.tests.story.world import ENDS, World
from shop_events import Event, Money, new_id
from shop_events.contract import CONTRACTS
from shop_events.contracts.logistics import StockRejected
from shop_events.contracts.order import (
    OrderCancellationRequested,
    OrderCancelled,
    OrderDeliveryDetails,
    OrderPlaced,
    OrderReceived,
    PaymentMethod,
)
from shop_events.tables import outbox
from shop_events.wire import decode

HOME = Destination(recipient="Ann", phone="+86138", division_code="310101", address="1 Lilac Rd")
BY_BUYER = (OrderCancelled, OrderCancellationRequested, OrderReceived)
ORDERS_AT_MOST = 3

baskets = st.lists(
    st.tuples(st.sampled_from(["mei", "lan"]), st.integers(1, 3), st.integers(0, 1_001)),
    min_size=1,
    max_size=3,
)
any_one = st.integers(0, 999)


class Story(RuleBasedStateMachine):
    """A few orders of Ann's, and all that may happen to them."""

    migrated: Path
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        database = self.folder / f"{new_id()}.db"
        shutil.copyfile(self.migrated, database)
        keys = key_set_of(ISSUER_KEY)
        url = Secret(f"sqlite:///{database}")
        self.bench = Bench(service, OrderSettings(database_url=url, token_keys=keys, env=Env.DEV))
        # Power cuts are not this test's subject.
        event.listen(self.bench.database.engine, "connect", _without_fsync)
        self.world = World(self.bench.clock.now)
        self.expected: dict[str, Expected] = {}
        self.delivered: list[tuple[str, Event]] = []
        self.said: list[tuple[str, Event]] = []
        self.position = 0

    # What people do

    @precondition(lambda self: len(self.expected) < ORDERS_AT_MOST)
    @rule(
        basket=baskets, discount=st.integers(0, 999), shipping=st.integers(0, 99), cod=st.booleans()
    )
    def place(
        self, basket: list[tuple[str, int, int]], discount: int, shipping: int, cod: bool
    ) -> None:
        """Ann orders."""
        method = PaymentMethod.CASH_ON_DELIVERY if cod else PaymentMethod.CARD
        with self.bench.database.begin(publishes=(OrderPlaced, OrderDeliveryDetails)) as tx:
            quote = offer_quote(tx, self._quote(basket, discount, shipping))
            order = place_order(tx, quote.id, account_id="ann", wish=Wish(payment_method=method))
        quantities = {line.line_id: line.quantity for line in order.lines}
        now = self.bench.clock.now()
        self.expected[order.id] = Expected(quantities, order.total, on_delivery=cod, now=now)
        self._listen()

    @precondition(lambda self: self.expected)
    @rule(which=any_one)
    def cancel(self, which: int) -> None:
        """Ann does not want it any more."""
        order_id = self._order(which)
        try:
            with self.bench.database.begin(publishes=BY_BUYER) as tx:
                cancel_order(tx, order_id, account_id="ann")
        except NotCancellable:
            assert self.expected[order_id].track in ("confirmed", "completed")
        self.expected[order_id].cancel()
        self._listen()

    @precondition(lambda self: self.expected)
    @rule(which=any_one)
    def receive(self, which: int) -> None:
        """Ann says that she has it."""
        order_id = self._order(which)
        had = bool(self.expected[order_id].waiting)
        try:
            with self.bench.database.begin(publishes=BY_BUYER) as tx:
                confirm_receipt(tx, order_id, account_id="ann")
        except NothingToReceive:
            assert not had
        self.expected[order_id].receive()
        self._listen()

    # What the services around do

    @precondition(lambda self: self.world.to_reserve)
    @rule(which=any_one, enough=st.sampled_from([True, True, True, False]))
    def answer_for_stock(self, which: int, enough: bool) -> None:
        """Logistics holds the goods, or has too few."""
        placed = _one(self.world.to_reserve, which)
        if enough:
            self.world.reserve(placed)
        else:
            self.world.to_reserve.remove(placed)
            self.world.mail.append(StockRejected(order_id=placed.order_id, shortages=()))

    @precondition(lambda self: self.world.payables)
    @rule(which=any_one, wrong=st.sampled_from([0, 0, 0, 1]))
    def pay(self, which: int, wrong: int) -> None:
        """Money is captured, perhaps once more, perhaps too much."""
        payable = _one(self.world.payables, which)
        self.world.pay(payable, payable.amount + Money(wrong, "CNY"))

    @precondition(lambda self: any(one.here for one in self.world.fulfilments))
    @rule(which=any_one, at_most=st.integers(1, 3))
    def ship(self, which: int, at_most: int) -> None:
        """A parcel leaves."""
        self.world.ship(_one([one for one in self.world.fulfilments if one.here], which), at_most)

    @precondition(lambda self: self.world.parcels)
    @rule(which=any_one, how=st.sampled_from(ENDS))
    def end_parcel(self, which: int, how: str) -> None:
        """A parcel arrives, or does not."""
        self.world.end(_one(self.world.parcels, which), how)

    @precondition(lambda self: any(one.here for one in self.world.fulfilments))
    @rule(which=any_one)
    def take_back_unasked(self, which: int) -> None:
        """A merchant cannot deliver what is left."""
        self.world.release(_one([one for one in self.world.fulfilments if one.here], which))

    @precondition(lambda self: self.world.asked)
    @rule(which=any_one)
    def answer_cancellation(self, which: int) -> None:
        """Logistics says what stays and what is gone."""
        self.world.answer(_one(self.world.asked, which))

    @precondition(lambda self: self.world.refunds)
    @rule(which=any_one, works=st.sampled_from([True, True, False]))
    def pay_back(self, which: int, works: bool) -> None:
        """The bank carries a refund out, or fails."""
        self.world.pay_back(_one(self.world.refunds, which), works=works)

    # What the network does

    @precondition(lambda self: self.world.mail)
    @rule(which=any_one)
    def deliver(self, which: int) -> None:
        """One of the facts that are under way arrives: not the oldest."""
        self._deliver(self.world.mail.pop(which % len(self.world.mail)), new_id())

    @precondition(lambda self: self.world.mail)
    @rule()
    def deliver_all(self) -> None:
        """All that is under way arrives, the newest first."""
        while self.world.mail:
            self._deliver(self.world.mail.pop(), new_id())

    @precondition(lambda self: self.delivered)
    @rule(which=any_one, outlived_the_inbox=st.booleans())
    def deliver_again(self, which: int, outlived_the_inbox: bool) -> None:
        """A fact arrives once more; perhaps the inbox has forgotten it."""
        event_id, happened = _one(self.delivered, which)
        if outlived_the_inbox:
            self._deliver(happened, new_id())
        else:
            self.bench.hears(happened, event_id=event_id)
            self._listen()

    @rule(hours=st.sampled_from([1, 24, 8 * 24]))
    def advance(self, hours: int) -> None:
        """Time passes."""
        self._advance(timedelta(hours=hours))

    # What must hold

    @invariant()
    def order_is_as_expected(self) -> None:
        """O1: track and units are those of the model."""
        with self.bench.database.read() as connection:
            for one in facts(connection):
                model = self.expected[one.order_id]
                assert one.track == model.track
                assert set(one.expected) == {model.expected_payment} - {None}
                for line_id, units in one.units.items():
                    assert units.cancelled == model.cancelled[line_id]
                    assert units.received == model.received[line_id]

    @invariant()
    def the_books_are_in_order(self) -> None:
        """The auditor finds nothing."""
        with self.bench.database.read() as connection:
            assert list(problems(connection, now=self.bench.clock.now())) == []

    @invariant()
    def everything_is_said_once_and_numbered(self) -> None:
        """One confirmation, one end; sequences without a gap."""
        said = Counter((order_id, type(one).__name__) for order_id, one in self.said)
        for order_id in self.expected:
            assert said[order_id, "OrderConfirmed"] <= 1
            assert said[order_id, "OrderCancelled"] + said[order_id, "OrderCompleted"] <= 1

    @invariant()
    def no_more_goes_out_than_came_in(self) -> None:
        """Refunds and what merchants earned, share by share, are within what was paid."""
        for order_id, model in self.expected.items():
            assert self._given(order_id) <= model.total.minor
            assert (
                self._given(order_id) == 0
                or model.on_delivery
                or (model.expected_payment or not model.total)
            )

    def teardown(self) -> None:
        """Everybody does his duty, and every order comes to its end."""
        try:
            for _ in range(12):
                self._do_all_that_is_due()
            for order_id, model in self.expected.items():
                assert model.track in ("cancelled", "completed"), model.track
                if model.cancelled or model.received:
                    assert self._given(order_id) == model.total.minor
            self.order_is_as_expected()
            self.the_books_are_in_order()
        finally:
            self.bench.close()

    def _do_all_that_is_due(self) -> None:
        while self.world.to_reserve:
            self.answer_for_stock(0, enough=True)
        while self.world.asked:
            self.answer_cancellation(0)
        for one in self.world.fulfilments:
            if one.here:
                self.world.ship(one, 3)
        while self.world.parcels:
            self.end_parcel(0, "delivered")
        while self.world.refunds:
            self.pay_back(0, works=True)
        self.deliver_all()
        self._advance(timedelta(days=11))

    def _given(self, order_id: str) -> int:
        shares = (
            share.amount.minor
            for said_of, one in self.said
            if said_of == order_id
            for share in getattr(one, "shares", ())
        )
        return sum(shares)

    def _order(self, which: int) -> str:
        return _one(sorted(self.expected), which)

    def _deliver(self, happened: Any, event_id: str) -> None:
        self.bench.hears(happened, event_id=event_id)
        self.delivered.append((event_id, happened))
        self._listen()
        self.expected[happened.order_id].hear(happened)

    def _advance(self, by: timedelta) -> None:
        self.bench.advance(by.total_seconds())
        for model in self.expected.values():
            model.advance(self.bench.clock.now())
        self._listen()

    def _listen(self) -> None:
        """Hand what order said since last time to the world."""
        query = select(outbox).where(outbox.c.position > self.position).order_by(outbox.c.position)
        with self.bench.database.read() as connection:
            rows = connection.execute(query).all()
        for row in rows:
            self.position = row.position
            contract = CONTRACTS.find(row.type, row.version)
            assert contract is not None
            said = decode(contract.type, row.version, row.payload.encode())
            before = sum(1 for order_id, _ in self.said if order_id == row.aggregateid)
            assert row.sequence == before + 1
            self.said.append((row.aggregateid, said))
            self.world.hear(said)
            if row.type == "order.refund_requested":
                self.expected[row.aggregateid].refunds.add(said.refund_id)  # type: ignore[attr-defined]

    def _quote(self, basket: list[tuple[str, int, int]], discount: int, shipping: int) -> Quote:
        given = [
            QuoteLine(
                sku_id=f"sku-{place}",
                merchant_id=merchant,
                name="A mug",
                quantity=quantity,
                unit_price=Money(price, "CNY"),
                discount_share=Money.zero("CNY"),
            )
            for place, (merchant, quantity, price) in enumerate(basket)
        ]
        return Quote(
            id=new_id(),
            account_id="ann",
            lines=share_out(given, Money(discount, "CNY")),
            freights=share_freight(given, Money(shipping, "CNY")),
            currency="CNY",
            delivery_method="express",
            destination=HOME,
            expires_at=self.bench.clock.now() + timedelta(minutes=10),
        )


def _one(of: list[Any], which: int) -> Any:
    return of[which % len(of)]


def _without_fsync(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture
def migrated(tmp_path: Path) -> Path:
    database = tmp_path / "template.db"
    migrate.upgrade(service, f"sqlite:///{database}")
    return database


def test_f11_orders_stay_sound_and_come_to_an_end_whatever_is_told_and_when(
    migrated: Path, tmp_path: Path
) -> None:
    Story.migrated, Story.folder = migrated, tmp_path
    nightly = settings.get_current_profile_name() == "nightly"
    examples = settings() if nightly else settings(max_examples=20, stateful_step_count=30)

    run(Story, settings=settings(examples, deadline=None, suppress_health_check=list(HealthCheck)))
