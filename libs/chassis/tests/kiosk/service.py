"""The kiosk's one page."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask.typing import ResponseReturnValue
from marshmallow import fields

from chassis import (
    Chore,
    Header,
    Problem,
    Role,
    Runtime,
    Service,
    ServiceSettings,
    accepts,
    anyone,
    asked_wait_s,
    begin,
    current_identity,
    heeds,
    maybe_identity,
    needs,
    once,
    publishes,
    read,
    runtime_of,
    settings_of,
    signed,
    who,
)
from chassis.http import (
    Answer,
    Blueprint,
    Body,
    Id,
    Instant,
    MoneyField,
    PageQuery,
    Quantity,
    body_pieces,
    page,
    raw_body,
)
from chassis.idempotency import Answer as FirstAnswer
from chassis.revocation import listen
from libs.chassis.tests.kiosk.contracts import (
    DeliveryArrived,
    SaleForgotten,
    SaleMade,
    ShelfChanged,
)
from libs.chassis.tests.kiosk.errors import KioskError, NoSuchSale, SoldOut, StillOpening
from libs.chassis.tests.kiosk.store import metadata, sales, shelf
from shop_events import Money, Subscriptions, Tx
from shop_events.snapshot import State

PRICE = Money.of("19.90", "CNY")


@dataclass(frozen=True, kw_only=True)
class KioskSettings(ServiceSettings):
    collect_within_s: int = 600
    opening: bool = False


class Radio:
    """Something outside: it plays."""

    def __init__(self, station: str) -> None:
        self.station = station
        self.played: list[int] = []


class BuyMugs(Body):
    mugs = Quantity(required=True)
    tip = MoneyField(load_default=None)


class Basket(Body):
    lines = fields.List(fields.Nested(BuyMugs), required=True)


class SaleAnswer(Answer):
    id = Id()
    mugs = fields.Integer()
    sold_at = Instant()


def buy(tx: Tx, buyer: str, mugs: int) -> str:
    """Sell mugs. Publishes SaleMade.

    Raises:
        SoldOut: there are fewer.
        StillOpening: come again in a moment.
    """
    settings = settings_of(tx, KioskSettings)
    if settings.opening:
        raise StillOpening("The kiosk is opening.")
    left = tx.connection.execute(sa.select(shelf.c.left)).scalar_one()
    sale_id = tx.new_id()
    tx.publish(SaleMade(sale_id=sale_id, buyer=buyer, mugs=mugs, total=PRICE * mugs))
    if left < mugs:
        raise SoldOut(left)
    tx.connection.execute(sa.update(shelf).values(left=shelf.c.left - mugs))
    row = {"id": sale_id, "buyer": buyer, "mugs": mugs, "sold_at": tx.now}
    tx.connection.execute(sa.insert(sales).values(row))
    tx.schedule("collect", sale_id, tx.now + _seconds(settings.collect_within_s))
    return sale_id


def _seconds(count: int) -> Any:
    from datetime import timedelta

    return timedelta(seconds=count)


kiosk = Blueprint("kiosk", __name__)


@kiosk.post("/sales")
@who(Role.SHOPPER)
@needs(Header.KEY)
@publishes(SaleMade)
@kiosk.arguments(BuyMugs)
@kiosk.response(201, SaleAnswer)
def post_sale(body: dict[str, Any]) -> ResponseReturnValue:
    """Buy mugs."""
    buyer = current_identity().subject

    def act(tx: Tx) -> FirstAnswer:
        sale_id = buy(tx, buyer, body["mugs"])
        if body["mugs"] == 7:
            raise RuntimeError("secret: the cash box is at the bottom left")
        return {"id": sale_id, "mugs": body["mugs"]}, 201, {"Location": f"/api/v1/sales/{sale_id}"}

    return once(act)


@kiosk.post("/kiosks")
@who(Role.MERCHANT)
@heeds(Header.KEY, Header.UNCHANGED, Header.WAIT)
def post_kiosk() -> ResponseReturnValue:
    """Dream of another kiosk; tells the patience it was asked with."""
    return once(lambda tx: ({"id": tx.new_id(), "wait_s": asked_wait_s()}, 201, {}))


@kiosk.post("/careless-sales")
@who(Role.SHOPPER)
def post_careless_sale() -> ResponseReturnValue:
    """Heeds a header that it does not declare."""
    return once(lambda _tx: ({}, 201, {}))


@kiosk.post("/wrapped-sales")
@publishes(SaleMade)
@kiosk.arguments(BuyMugs)
@who(Role.SHOPPER)
def post_wrapped_sale(body: dict[str, Any]) -> ResponseReturnValue:
    """Buy mugs; what goes wrong is wrapped on its way."""
    with begin() as tx:
        try:
            buy(tx, current_identity().subject, body["mugs"])
        except KioskError as error:
            raise RuntimeError("wrapped") from error
    return {}, 201


@kiosk.get("/sales")
@who(Role.SHOPPER)
@kiosk.arguments(PageQuery, location="query")
def get_sales(query: dict[str, Any]) -> ResponseReturnValue:
    """My sales."""
    wanted = sa.select(sales).where(sales.c.buyer == current_identity().subject)
    if query["cursor"]:
        wanted = wanted.where(sales.c.id > query["cursor"][0])
    with read() as connection:
        rows = connection.execute(wanted.order_by(sales.c.id).limit(query["limit"] + 1)).all()
    answer = SaleAnswer()
    return page(rows, limit=query["limit"], key=lambda row: (row.id,), show=answer.dump)


@kiosk.get("/sales/<sale_id>")
@who(Role.SHOPPER, Role.ADMIN)
@kiosk.response(200, SaleAnswer)
def get_sale(sale_id: str) -> Any:
    """One sale."""
    with read() as connection:
        found = connection.execute(sa.select(sales).where(sales.c.id == sale_id)).first()
    if found is None:
        raise NoSuchSale(f"There is no sale {sale_id}.")
    return found


@kiosk.post("/baskets")
@anyone
@kiosk.arguments(Basket)
def post_basket(body: dict[str, Any]) -> ResponseReturnValue:
    """Say what was understood."""
    caller = maybe_identity()
    return {"lines": body["lines"], "caller": caller.subject if caller else None}


@kiosk.post("/lists")
@who(Role.MERCHANT)
@accepts("text/csv")
def post_list() -> ResponseReturnValue:
    """A list as CSV."""
    return {"bytes": len(raw_body())}


@kiosk.post("/long-lists")
@anyone
@accepts("text/csv", at_most=1_500_000, streamed=True)
def post_long_list() -> ResponseReturnValue:
    """A list that nobody holds whole."""
    sizes = [len(piece) for piece in body_pieces()]
    return {"bytes": sum(sizes), "largest": max(sizes, default=0)}


@kiosk.post("/webhooks/supplier")
@signed
def post_webhook() -> ResponseReturnValue:
    """What the supplier calls."""
    return {"bytes": len(raw_body())}


@kiosk.post("/undeclared-speech")
@anyone
def post_undeclared_speech() -> ResponseReturnValue:
    """Says more than it declares."""
    with begin(publishes=(SaleMade,)):
        return {}


@kiosk.get("/teapot")
@anyone
def get_teapot() -> ResponseReturnValue:
    """An error of HTTP."""
    raise Problem(418, "teapot", "This is a teapot.")


subscriptions = Subscriptions("kiosk")
listen(subscriptions)


@subscriptions.on(DeliveryArrived)
def fill_shelf_when_delivered(event: DeliveryArrived, tx: Tx) -> None:
    """More mugs."""
    if event.mugs < 0:
        raise ValueError(f"The delivery {event.delivery_id} takes mugs away.")
    tx.connection.execute(sa.update(shelf).values(left=shelf.c.left + event.mugs))


@subscriptions.at("collect", publishes=(SaleForgotten,))
def forget_when_not_collected(sale_id: str, tx: Tx) -> None:
    """Nobody came."""
    tx.publish(SaleForgotten(sale_id=sale_id))


def play(runtime: Runtime) -> int:
    """Play one more song, up to three."""
    radio = runtime.outside_as(Radio)
    with runtime.database.begin() as tx:
        assert runtime_of(tx) is runtime
    if len(radio.played) == 3:
        return 0
    radio.played.append(len(radio.played) + 1)
    return 1


def present_shelves(connection: sa.Connection, after: str, at_most: int) -> list[ShelfChanged]:
    """What is left of each kind."""
    query = sa.select(shelf).where(shelf.c.kind > after).order_by(shelf.c.kind).limit(at_most)
    return [
        ShelfChanged(kind=row.kind, left=row.left, version=1) for row in connection.execute(query)
    ]


service = Service(
    name="kiosk",
    settings=KioskSettings,
    blueprints=(kiosk,),
    subscriptions=subscriptions,
    errors=KioskError,
    migrations=Path(__file__).parent / "migrations",
    tables=(metadata,),
    chores=(Chore(name="radio", every_s=60, run=play),),
    outside=lambda settings: Radio("FM 97.4"),
    states=(State(ShelfChanged, present_shelves),),
)
app = service.wsgi()
