"""A carrier that says nothing is asked (FEATURES rows 87 and 90)."""

import pytest

from logistics_service.testing import AnOrder
from services.logistics.tests.town import Town
from shop_events.contracts.logistics import ParcelDelivered, ParcelTraceAdded

HOUR = 3600.0


@pytest.fixture
def waybill(town: Town) -> str:
    """A parcel that Yunlu has delivered, without telling anybody."""
    town.stocks(1)
    town.confirmed(AnOrder())
    waybill = town.ships(carrier="yunlu")
    journey = {"waybill": waybill, "journey": "signed", "trouble": "silent"}
    assert town.nobody.post("/dev/simulators/carriers/yunlu", journey).json == {"new": False}
    return waybill


def waits(town: Town, hours: float) -> int:
    """Time passes, and the chores are done; how many traces there are then."""
    town.bench.advance(hours * HOUR)
    town.bench.do_chores()
    return len(town.said(ParcelTraceAdded))


def test_a_silent_carrier_is_asked_after_six_hours(town: Town, waybill: str) -> None:
    assert waits(town, 5.9) == 0
    assert waits(town, 0.2) == 5
    assert len(town.said(ParcelDelivered)) == 1
    assert town.fulfilment().parcels[0].state == "signed"


def test_what_a_push_told_already_is_not_told_again_by_the_answer(town: Town, waybill: str) -> None:
    journey = {"waybill": waybill, "journey": "signed"}
    town.nobody.post("/dev/simulators/carriers/yunlu", journey)
    for push in town.carrier("yunlu").pushes(sent_at=town.now)[:3]:
        town.pushes(push, carrier="yunlu")

    assert waits(town, 6.1) == 5
    assert len(town.said(ParcelTraceAdded)) == 5


def test_one_that_does_not_answer_is_asked_again_after_24_and_48_hours(
    town: Town, waybill: str, caplog: pytest.LogCaptureFixture
) -> None:
    town.silence("yunlu")

    assert [waits(town, hours) for hours in (6.1, 11, 7.1)] == [0, 0, 0]
    town.speech("yunlu")
    assert waits(town, 23) == 0
    assert caplog.messages == []
    assert waits(town, 2) == 5
    (alarm,) = caplog.messages
    assert alarm.startswith("yunlu says nothing of the parcel")


def test_nobody_is_asked_about_a_parcel_that_arrived(town: Town, waybill: str) -> None:
    town.sees(waybill, "signed", carrier="yunlu")

    assert waits(town, 200) == 1
