"""Carriers push in forms and codes of their own (FEATURES rows 87 and 89)."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from logistics_service.domain.parcel import ParcelState
from logistics_service.domain.trace import STATES
from logistics_service.outside.codes import LETTERS, NUMBERS, Codes
from logistics_service.outside.pretend_carrier import Push
from logistics_service.outside.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from logistics_service.testing import SECRETS, AnOrder
from services.logistics.tests.town import Town
from shop_events.contracts.logistics import ParcelDelivered, ParcelRefused, ParcelTraceAdded
from shop_events.tables import outbox

# Nothing here depends on the database.
pytestmark = pytest.mark.parametrize("bench", ["sqlite"], indirect=True)
both = pytest.mark.parametrize("carrier", ["shunda", "yunlu"])


def on_its_way(town: Town, carrier: str, order_id: str = "o-1") -> str:
    town.stocks(1)
    town.confirmed(AnOrder(order_id))
    return town.ships(order_id, carrier=carrier)


def travel(town: Town, carrier: str, waybill: str, **how: str) -> bool:
    body = {"waybill": waybill, "journey": "signed"} | how
    answer = town.nobody.post(f"/dev/simulators/carriers/{carrier}", body)
    assert answer.status_code == 200, answer.text
    return bool(answer.json["new"])


def rewritten(town: Town, push: Push, carrier: str, **changed: Any) -> int:
    """The push with other words, signed by the carrier itself; how it is answered."""
    body = json.dumps(json.loads(push.body) | changed).encode()
    secret = SECRETS.by_carrier[carrier][0]
    signature = sign(secret, push.headers[TIMESTAMP_HEADER], body)
    headers = {**push.headers, SIGNATURE_HEADER: signature}
    return town.pushes(Push(headers=headers, body=body), carrier=carrier).status_code


@pytest.mark.parametrize("codes", [NUMBERS, LETTERS])
def test_f1_every_state_of_a_parcel_under_way_has_a_code_with_each_carrier(
    bench: object, codes: Codes
) -> None:
    at_home = {ParcelState.PACKED, ParcelState.CANCELLED}

    assert {STATES[one.state] for one in codes.meanings.values()} == set(ParcelState) - at_home


@both
def test_row_87_a_journey_is_told_in_the_carriers_own_words(town: Town, carrier: str) -> None:
    waybill = on_its_way(town, carrier)

    assert travel(town, carrier, waybill)

    seen = [one["state"] for one in town.ann.get(f"/tracking/{waybill}").json["traces"]]
    assert seen == ["collected", "in_transit", "in_transit", "out_for_delivery", "signed"]
    assert len(town.said(ParcelDelivered)) == 1
    assert not travel(town, carrier, waybill)


@both
@pytest.mark.parametrize("trouble", ["twice", "shuffled", "gaps"])
def test_row_89_however_badly_it_is_told_the_parcel_arrives_once_and_in_order(
    town: Town, carrier: str, trouble: str
) -> None:
    waybill = on_its_way(town, carrier)

    travel(town, carrier, waybill, trouble=trouble)

    traces = town.ann.get(f"/tracking/{waybill}").json["traces"]
    assert traces == sorted(traces, key=lambda one: str(one["at"]))
    assert (traces[0]["state"], traces[-1]["state"]) == ("collected", "signed")
    assert len(town.said(ParcelDelivered)) == 1
    assert len(town.said(ParcelTraceAdded)) == len(traces)


def test_a_parcel_is_taken_on_step_by_step_to_whichever_end(town: Town) -> None:
    ends = {"refused": "refused", "returned": "returned_to_sender", "lost": "lost"}
    for number, (journey, end) in enumerate(ends.items()):
        waybill = on_its_way(town, "yunlu", f"o-{number}")
        travel(town, "yunlu", waybill, journey="one_step")
        travel(town, "yunlu", waybill, journey=journey)
        assert town.fulfilment(f"o-{number}").parcels[0].state == end

    assert len(town.said(ParcelRefused)) == 2
    refused = town.fulfilment("o-0").parcels[0]
    for _ in range(2):
        travel(town, "yunlu", str(refused.waybill), journey="one_step")
    assert town.fulfilment("o-0").parcels[0].state == "returned_to_sender"


def test_who_signed_and_the_proof_are_shown_to_the_buyer_alone(town: Town) -> None:
    waybill = on_its_way(town, "shunda")
    travel(town, "shunda", waybill)

    mine = town.ann.get(f"/tracking/{waybill}").json["signed"]
    theirs = town.mo.get(f"/tracking/{waybill}").json["signed"]

    assert (mine["signer"], mine["proof"]) == ("本人", f"pod/{waybill}.jpg")
    assert theirs is None
    with town.bench.database.read() as connection:
        said = "".join(connection.execute(select(outbox.c.payload)).scalars())
    assert "本人" not in said
    assert "pod/" not in said


def test_a_note_says_more_closely_what_happened(town: Town) -> None:
    waybill = on_its_way(town, "yunlu")
    push = town.push(waybill, "in_transit", carrier="yunlu")

    assert rewritten(town, push, "yunlu", op="CUS") == 200

    (trace,) = town.ann.get(f"/tracking/{waybill}").json["traces"]
    assert (trace["state"], trace["note"]) == ("in_transit", "at_customs")
    assert trace["sentence"]["zh-CN"].endswith("海关查验中")


def test_a_list_is_in_chinese_time(town: Town) -> None:
    waybill = on_its_way(town, "shunda")
    row = {"time": "2026-11-22 15:30:00", "statusCode": "0", "location": "上海"}

    assert rewritten(town, town.push(waybill, "collected", carrier="shunda"), "shunda", data=[row])

    (trace,) = town.ann.get(f"/tracking/{waybill}").json["traces"]
    assert trace["at"] == "2026-11-22T07:30:00Z"


ROW = {"time": "2026-11-22 15:30:00", "statusCode": "0", "location": "上海"}


@pytest.mark.parametrize(
    ("carrier", "changed"),
    [
        ("yunlu", {"op": "???"}),
        ("yunlu", {"opTime": 10**13}),
        ("yunlu", {"opTime": "now"}),
        ("yunlu", {"mailNo": "a b"}),
        ("yunlu", {"more": 1}),
        ("shunda", {"data": []}),
        ("shunda", {"data": [ROW] * 101}),
        ("shunda", {"data": [ROW | {"statusCode": "99"}]}),
        ("shunda", {"data": [ROW | {"time": "0001-01-01 00:00:00"}]}),
        ("shunda", {"data": [ROW | {"time": "2026-11-24 15:30:00"}]}),
        ("swift", {"state": "in_orbit"}),
        ("swift", {"signer": "x" * 201}),
    ],
)
def test_a_genuine_push_that_makes_no_sense_is_refused_whole(
    town: Town, carrier: str, changed: dict[str, Any]
) -> None:
    waybill = on_its_way(town, carrier)

    assert (
        rewritten(town, town.push(waybill, "in_transit", carrier=carrier), carrier, **changed)
        == 422
    )
    assert town.said(ParcelTraceAdded) == []


def test_a_carriers_secret_is_good_for_its_own_form_and_parcels_alone(town: Town) -> None:
    waybill = on_its_way(town, "yunlu")
    push = town.push(waybill, "signed", carrier="yunlu")

    assert town.pushes(push, carrier="shunda").status_code == 401
    assert town.said(ParcelTraceAdded) == []


@pytest.mark.parametrize(
    "body", [{}, {"journey": "signed", "state": "signed"}, {"journey": "mars"}]
)
def test_the_simulator_is_told_where_to_or_what_to_see(town: Town, body: dict[str, str]) -> None:
    answer = town.nobody.post("/dev/simulators/carriers/yunlu", {"waybill": "YL1"} | body)

    assert (answer.status_code, list(answer.json["errors"])) == (422, ["journey"])
