import json
from dataclasses import replace
from datetime import timedelta

import pytest

from logistics_service.outside.pretend_carrier import Push
from logistics_service.outside.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from logistics_service.testing import SECRETS, AnOrder
from services.logistics.tests.town import Town
from shop_events.contracts.logistics import ParcelTraceAdded

# Nothing here depends on the database; replays at once are in usecases/test_races.py.
pytestmark = pytest.mark.parametrize("bench", ["sqlite"], indirect=True)


@pytest.fixture
def waybill(town: Town) -> str:
    town.stocks(9)
    order = AnOrder()
    town.hears(order.placed(), order.confirmed())
    return town.ships()


def signed_again(push: Push, body: bytes, *, secret: bytes | None = None) -> Push:
    """The carrier itself wrote ``body``."""
    key = secret or SECRETS.by_carrier["swift"][0]
    signature = sign(key, push.headers[TIMESTAMP_HEADER], body)
    return Push(headers={**push.headers, SIGNATURE_HEADER: signature}, body=body)


def refused(town: Town, push: Push, *, carrier: str = "swift") -> bool:
    answer = town.pushes(push, carrier=carrier)
    return (answer.status_code, answer.json["code"]) == (401, "webhook_refused")


def test_an_altered_byte_is_refused(town: Town, waybill: str) -> None:
    push = town.push(waybill, "in_transit")

    assert refused(town, replace(push, body=push.body.replace(b"Depot 7", b"Depot 8")))
    assert town.said(ParcelTraceAdded) == []


def test_the_same_json_written_differently_is_refused(town: Town, waybill: str) -> None:
    push = town.push(waybill, "in_transit")

    assert refused(town, replace(push, body=push.body.replace(b": ", b":")))


@pytest.mark.parametrize("seconds", [-301, 301])
def test_an_old_or_future_push_is_refused(town: Town, waybill: str, seconds: int) -> None:
    push = town.push(waybill, "in_transit")

    town.bench.clock.advance(timedelta(seconds=seconds))

    assert refused(town, push)


def test_another_timestamp_breaks_the_signature(town: Town, waybill: str) -> None:
    push = town.push(waybill, "in_transit")
    later = str(int(push.headers[TIMESTAMP_HEADER]) + 1)

    assert refused(town, replace(push, headers={**push.headers, TIMESTAMP_HEADER: later}))


def test_the_secret_of_another_carrier_is_refused(town: Town, waybill: str) -> None:
    push = town.push(waybill, "in_transit")
    snails = SECRETS.by_carrier["snail"][0]

    assert refused(town, signed_again(push, push.body, secret=snails))
    assert refused(town, push, carrier="snail")


def test_a_carrier_we_do_not_know_is_refused_alike(town: Town, waybill: str) -> None:
    assert refused(town, town.push(waybill, "in_transit"), carrier="stork")


@pytest.mark.parametrize("missing", [TIMESTAMP_HEADER, SIGNATURE_HEADER])
def test_a_push_without_a_header_is_refused(town: Town, waybill: str, missing: str) -> None:
    push = town.push(waybill, "in_transit")
    headers = {name: text for name, text in push.headers.items() if name != missing}

    assert refused(town, replace(push, headers=headers))


def test_a_replayed_push_is_one_trace(town: Town, waybill: str) -> None:
    push = town.push(waybill, "in_transit")

    answers = [town.pushes(push).json["new"] for _ in range(20)]

    assert answers == [True] + [False] * 19
    assert len(town.said(ParcelTraceAdded)) == 1


def test_a_waybill_of_another_carrier_is_not_found(town: Town, waybill: str) -> None:
    """A carrier tells of its own parcels only, however well it signs."""
    answer = town.pushes(town.push(waybill, "signed", carrier="snail"), carrier="snail")

    assert (answer.status_code, answer.json["code"]) == (404, "waybill_not_found")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 422),
        (b'{"event_id": "e"}', 422),
        (b'{"event_id": "e", "event_id": "f"}', 400),
    ],
)
def test_a_genuine_push_that_says_nothing_is_refused(
    town: Town, waybill: str, body: bytes, status: int
) -> None:
    push = signed_again(town.push(waybill, "in_transit"), body)

    assert town.pushes(push).status_code == status


def test_a_push_with_a_state_we_do_not_know_is_refused(town: Town, waybill: str) -> None:
    push = town.push(waybill, "in_transit")
    body = push.body.replace(b"in_transit", b"in_orbit")

    assert town.pushes(signed_again(push, body)).status_code == 422


@pytest.mark.parametrize(
    "at", ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"]
)
def test_what_nobody_can_have_seen_yet_is_refused(town: Town, waybill: str, at: str) -> None:
    push = town.push(waybill, "signed")
    told = json.loads(push.body) | {"at": at}

    answer = town.pushes(signed_again(push, json.dumps(told).encode()))

    assert (answer.status_code, list(answer.json["errors"])) == (422, ["at"])
    assert town.said(ParcelTraceAdded) == []


def test_the_simulator_pushes_through_the_same_door(town: Town, waybill: str) -> None:
    sighting = {"waybill": waybill, "state": "signed", "place": "West Lake"}

    answer = town.nobody.post("/dev/simulators/carriers/swift", sighting)

    assert answer.json == {"new": True}
    assert town.fulfilment().parcels[0].state == "signed"
