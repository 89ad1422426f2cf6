"""A contract is said once, completely, and its events cannot be changed or misspelt."""

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime

import pytest

from shop_events import Event, Kind, contract_of, event
from shop_events.contract import Contracts, aggregate_id

KNOWN = Contracts()


@event("mug.glazed", version=2, by="potter", key="mug_id", known=KNOWN)
class MugGlazed(Event):
    """The mug has its colour."""

    mug_id: str
    colour: str
    glazed_at: datetime | None = None


def a_mug() -> MugGlazed:
    return MugGlazed(mug_id="m1", colour="blue")


def test_an_event_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        a_mug().colour = "red"  # type: ignore[misc]


def test_an_event_takes_no_field_it_does_not_have() -> None:
    with pytest.raises(AttributeError):
        object.__setattr__(a_mug(), "price", 1)
    with pytest.raises(TypeError):
        MugGlazed(mug_id="m1", color="blue")  # type: ignore[call-arg]


def test_an_event_is_written_with_the_names_of_its_fields() -> None:
    with pytest.raises(TypeError):
        MugGlazed("m1", "blue")  # type: ignore[misc]


def test_two_events_that_say_the_same_are_equal() -> None:
    assert a_mug() == a_mug()
    assert len({a_mug(), a_mug()}) == 1
    assert a_mug() != MugGlazed(mug_id="m1", colour="red")


def test_a_contract_knows_its_name_its_version_and_what_it_is_about() -> None:
    contract = contract_of(MugGlazed)

    assert contract.routing_key == "mug.glazed.v2"
    assert (contract.aggregate, contract.by, contract.kind) == ("mug", "potter", Kind.FACT)
    assert aggregate_id(a_mug()) == "m1"
    assert contract_of(a_mug()) is contract
    assert KNOWN.find("mug.glazed", 2) is contract
    assert KNOWN.find("mug.glazed", 1) is None


def test_an_instant_without_a_zone_is_refused_where_it_is_said() -> None:
    with pytest.raises(ValueError, match="glazed_at of MugGlazed has no time zone"):
        MugGlazed(mug_id="m1", colour="blue", glazed_at=datetime(2026, 11, 22))  # noqa: DTZ001

    MugGlazed(mug_id="m1", colour="blue", glazed_at=datetime(2026, 11, 22, tzinfo=UTC))


def test_there_is_one_contract_of_a_name_and_version() -> None:
    known = Contracts()

    def declare(version: int) -> None:
        @event("mug.sold", version=version, by="potter", key="mug_id", known=known)
        class MugSold(Event):
            mug_id: str

    declare(1)
    declare(2)
    with pytest.raises(ValueError, match=r"two contracts mug\.sold\.v2"):
        declare(2)
    assert [contract.routing_key for contract in known.all()] == ["mug.sold.v1", "mug.sold.v2"]


def test_the_id_of_the_aggregate_is_one_of_the_fields() -> None:
    with pytest.raises(ValueError, match="MugSold has no field 'cup_id'"):

        @event("mug.sold", version=1, by="potter", key="cup_id", known=Contracts())
        class MugSold(Event):
            mug_id: str


def test_a_private_contract_names_its_listeners() -> None:
    with pytest.raises(ValueError, match=r"mug\.wrapped names listeners"):

        @event("mug.wrapped", version=1, by="p", key="mug_id", kind=Kind.PRIVATE, known=Contracts())
        class MugWrapped(Event):
            mug_id: str


@pytest.mark.parametrize("kind", [Kind.FACT, Kind.STATE])
def test_a_public_contract_names_no_listeners(kind: Kind) -> None:
    with pytest.raises(ValueError, match=r"mug\.wrapped names listeners"):

        @event(
            "mug.wrapped",
            version=1,
            by="p",
            key="mug_id",
            kind=kind,
            listeners=("shop",),
            known=Contracts(),
        )
        class MugWrapped(Event):
            mug_id: str


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("mug", 1),
        ("Mug.Sold", 1),
        ("mug.sold.v1", 1),
        ("mug.", 1),
        ("mug sold", 1),
        ("mug.sold", 0),
    ],
)
def test_a_name_is_an_aggregate_and_a_fact_and_versions_count_from_one(
    name: str, version: int
) -> None:
    with pytest.raises(ValueError, match="is not an <aggregate>"):

        @event(name, version=version, by="potter", key="mug_id", known=Contracts())
        class MugSold(Event):
            mug_id: str


def test_a_class_without_a_contract_is_no_event() -> None:
    class Gossip(Event):
        """Somebody says that somebody said."""

    with pytest.raises(TypeError, match="lacks @event"):
        contract_of(Gossip)
