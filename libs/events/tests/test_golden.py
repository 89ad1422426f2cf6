"""A message once published can be read for ever, and no contract breaks its word."""

import json
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from shop_events import Event, Kind, Money, contract_of, event
from shop_events.contract import Contracts
from shop_events.golden import NoReader, Sample, read_sample, read_samples, reader_of, sample_of
from shop_events.golden.__main__ import (
    PromiseBroken,
    add,
    import_all_contracts,
    main,
    promised,
    promises_of,
)
from shop_events.golden.promises import differences
from shop_events.golden.samples import SAMPLES
from shop_events.wire import Upcasters, decode, encode, to_plain

KNOWN = import_all_contracts()
GOLDEN = read_samples()

every_sample = pytest.mark.parametrize("key", GOLDEN)


@every_sample
def test_a_message_once_published_can_be_read_for_ever(key: str) -> None:
    sample = GOLDEN[key]

    happened = read_sample(sample)

    assert contract_of(happened).name == sample.envelope.type
    assert sample.envelope.routing_key == key


@every_sample
def test_a_message_says_today_what_it_said_when_it_was_published(key: str) -> None:
    (example,) = [one for one in SAMPLES if contract_of(one).routing_key == key]

    assert read_sample(GOLDEN[key]) == example
    assert GOLDEN[key].headers == sample_of(example).headers


@every_sample
def test_a_message_of_a_producer_that_knows_more_fields_is_read_all_the_same(key: str) -> None:
    sample = GOLDEN[key]
    richer = replace(sample, data=with_more_fields(sample.data))

    assert read_sample(richer) == read_sample(sample)


def says_all_of(now: Any, then: Any) -> bool:
    """Whether ``now`` says whatever ``then`` did; fields that were added since may stand beside."""
    if isinstance(then, dict) and isinstance(now, dict):
        return all(name in now and says_all_of(now[name], then[name]) for name in then)
    if isinstance(then, list) and isinstance(now, list):
        return len(now) == len(then) and all(map(says_all_of, now, then))
    return bool(now == then)


@every_sample
def test_a_message_survives_being_read_and_written_again(key: str) -> None:
    happened = read_sample(GOLDEN[key])
    contract = contract_of(happened)

    again = decode(contract.type, contract.version, encode(happened))

    assert again == happened
    assert says_all_of(json.loads(encode(happened)), GOLDEN[key].data)


def test_every_contract_has_a_golden_message_and_every_message_a_reader() -> None:
    contracts = {contract.routing_key for contract in KNOWN.all()}

    assert contracts <= GOLDEN.keys()
    assert all(reader_of(sample) for sample in GOLDEN.values())


def test_no_contract_breaks_what_was_promised() -> None:
    found = differences(promised(), promises_of(KNOWN))

    assert not found.breaks, "\n".join(found.breaks)


def test_what_is_promised_is_written_down() -> None:
    found = differences(promised(), promises_of(KNOWN))

    assert not found.news, "Run `python -m shop_events.golden add`:\n" + "\n".join(found.news)


# A name, and nobody's: a shop's, and that of a choice such as "colour".
NAMES_NOBODY = {"merchant.changed.v1: name", "catalog.product_changed.v1: skus[].options[].name"}


def test_only_private_messages_name_a_person_or_a_place_to_find_one() -> None:
    telling = {"recipient", "phone", "address", "email", "display_name", "name"}

    found = [
        f"{key}: {path}"
        for key, promise in promises_of(KNOWN).items()
        for path in promise["fields"]
        if promise["kind"] != Kind.PRIVATE and path.rpartition(".")[2] in telling
    ]

    assert set(found) == NAMES_NOBODY


# The rules themselves, on a bakery's contracts.


class Crust(StrEnum):
    SOFT = "soft"
    HARD = "hard"


class MoreCrust(StrEnum):
    SOFT = "soft"
    HARD = "hard"
    BURNT = "burnt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    weight_g: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeededSlice:
    weight_g: int
    seeds: int


def bakery(**annotations: Any) -> Contracts:
    """A contract ``loaf.baked`` with these fields; a pair gives a field its default."""
    known = Contracts()
    loaf = {"loaf_id": str, **annotations}
    body: dict[str, Any] = {name: one[1] for name, one in loaf.items() if isinstance(one, tuple)}
    types = {name: one[0] if isinstance(one, tuple) else one for name, one in loaf.items()}
    made = type("LoafBaked", (Event,), {**body, "__annotations__": types, "__doc__": "Baked."})
    event("loaf.baked", version=1, by="bakery", key="loaf_id", known=known)(made)
    return known


def told(before: Contracts, now: Contracts) -> tuple[list[str], list[str]]:
    found = differences(promises_of(before), promises_of(now))
    return list(found.breaks), list(found.news)


BROKEN = {
    "a field is removed": (
        bakery(weight_g=int),
        bakery(),
        "the field weight_g is gone.",
    ),
    "a field that could be left out is removed": (
        bakery(weight_g=(int, 500)),
        bakery(),
        "the field weight_g is gone.",
    ),
    "a field changes its type": (
        bakery(weight_g=int),
        bakery(weight_g=str),
        "weight_g was whole number and is text now.",
    ),
    "a field may suddenly be null": (
        bakery(weight_g=int),
        bakery(weight_g=int | None),
        "weight_g was whole number and is whole number or null now.",
    ),
    "a word is added that readers of today do not know": (
        bakery(crust=Crust),
        bakery(crust=MoreCrust),
        "crust was one of soft, hard and is one of soft, hard, burnt now.",
    ),
    "a field of a line changes": (
        bakery(slices=tuple[Slice, ...]),
        bakery(slices=tuple[SeededSlice, ...]),
        "the new field slices[].seeds has no default: old messages do not have it.",
    ),
    "a field is added that old messages lack": (
        bakery(),
        bakery(weight_g=int),
        "the new field weight_g has no default: old messages do not have it.",
    ),
    "a field is made required": (
        bakery(weight_g=(int, 500)),
        bakery(weight_g=int),
        "weight_g could be left out and is required now.",
    ),
    "a default means something else": (
        bakery(weight_g=(int, 500)),
        bakery(weight_g=(int, 750)),
        "weight_g left out meant 500 and means 750 now.",
    ),
}


@pytest.mark.parametrize(("before", "now", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_a_contract_is_broken_when(before: Contracts, now: Contracts, sentence: str) -> None:
    breaks, _ = told(before, now)

    assert breaks == [f"loaf.baked.v1: {sentence}"]


def test_a_contract_that_is_gone_without_an_upcaster_is_a_broken_promise() -> None:
    breaks, _ = told(bakery(), Contracts())

    assert breaks == [
        "loaf.baked.v1 is gone, and no upcaster leads from it to a version that is not."
    ]


def test_a_contract_may_go_once_an_upcaster_carries_its_messages_forward() -> None:
    upcasters = Upcasters()
    upcasters.step("loaf.baked", from_version=1)(lambda data: data)
    newer = {"loaf.baked.v2": promises_of(bakery())["loaf.baked.v1"]}

    found = differences(promises_of(bakery()), newer, upcasters=upcasters)

    assert found.breaks == ()


def test_a_field_may_be_added_with_a_default_and_is_then_written_down() -> None:
    breaks, news = told(bakery(), bakery(price=(Money | None, None)))

    assert breaks == []
    assert news == ["loaf.baked.v1: the field price (money or null) is new."]


def test_a_new_list_of_things_may_be_added_with_a_default() -> None:
    empty = field(default_factory=tuple)

    breaks, news = told(bakery(), bakery(slices=(tuple[Slice, ...], empty)))

    assert breaks == []
    assert len(news) == 2


def private(*listeners: str) -> Contracts:
    known = Contracts()

    @event(
        "loaf.addressed",
        version=1,
        by="bakery",
        key="loaf_id",
        kind=Kind.PRIVATE,
        listeners=listeners,
        known=known,
    )
    class LoafAddressed(Event):
        loaf_id: str

    return known


def test_a_private_listener_is_not_dropped_silently_and_not_added_unseen() -> None:
    both, one = private("cafe", "courier"), private("cafe")

    assert told(both, one)[0] == ["loaf.addressed.v1: courier may no longer listen."]
    assert told(one, both)[1] == ["loaf.addressed.v1: courier may listen too."]


# The tool that writes them down.


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    add(tmp_path, [baked(bakery(), "rye")], bakery())
    return tmp_path


def baked(known: Contracts, loaf: str, **more: Any) -> Event:
    (contract,) = known.all()
    return contract.type(loaf_id=loaf, **more)


def test_a_new_event_is_written_down_with_its_promise(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [
        "contracts.json",
        "loaf.baked.v1.json",
    ]
    assert read_samples(folder)["loaf.baked.v1"].data == {"loaf_id": "rye"}


def test_adding_twice_writes_nothing_the_second_time(folder: Path) -> None:
    assert add(folder, [baked(bakery(), "rye")], bakery()) == []


def test_a_committed_message_is_never_changed(folder: Path) -> None:
    before = (folder / "loaf.baked.v1.json").read_text()

    with pytest.raises(PromiseBroken, match=r"loaf\.baked\.v1\.json is committed"):
        add(folder, [baked(bakery(), "oat")], bakery())

    assert (folder / "loaf.baked.v1.json").read_text() == before


def test_a_broken_promise_is_never_written_down(folder: Path) -> None:
    before = (folder / "contracts.json").read_text()
    now = bakery(weight_g=int)

    with pytest.raises(PromiseBroken, match="weight_g has no default"):
        add(folder, [baked(now, "rye", weight_g=500)], now)

    assert (folder / "contracts.json").read_text() == before


def test_a_field_with_a_default_is_promised_and_the_old_message_stays_as_it_was(
    folder: Path,
) -> None:
    before = (folder / "loaf.baked.v1.json").read_text()
    now = bakery(weight_g=(int, 500))

    assert add(folder, [baked(now, "rye")], now) == ["contracts.json"]

    assert (folder / "loaf.baked.v1.json").read_text() == before
    assert "weight_g" in promised(folder)["loaf.baked.v1"]["fields"]


def test_a_field_once_promised_is_remembered_over_many_changes(folder: Path) -> None:
    """Transitive: the third version of a contract is held to the first, not to the second."""
    second = bakery(weight_g=(int, 500))
    add(folder, [baked(second, "rye")], second)

    found = differences(promised(folder), promises_of(bakery(price=(Money | None, None))))

    assert "loaf.baked.v1: the field weight_g is gone." in found.breaks


def test_the_command_says_what_it_understands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["remove"]) == 2

    assert "golden add" in capsys.readouterr().err


def test_the_command_finds_nothing_new_in_what_is_committed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["add"]) == 0

    assert capsys.readouterr().out == "Nothing is new.\n"


def test_a_message_that_nothing_reads_is_named() -> None:
    example = next(one for one in SAMPLES if contract_of(one).name == "order.placed")
    headers = {**sample_of(example).headers, "ce-schemaversion": "7"}

    with pytest.raises(NoReader, match=r"order\.placed\.v7"):
        reader_of(Sample(headers, to_plain(example)))


def with_more_fields(data: Any) -> Any:
    if isinstance(data, list):
        return [with_more_fields(one) for one in data]
    if isinstance(data, dict):
        return {**{k: with_more_fields(v) for k, v in data.items()}, "from_the_future": [1, {}]}
    return data
