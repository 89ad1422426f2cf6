"""The generated pages say what the code declares, and nothing else."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shop_events.contracts.words import WORDS, meaning
from shop_events.golden import read_samples
from shop_events.golden.__main__ import import_all_contracts, promises_of
from shop_suite.docs import pages_of, write_docs
from shop_suite.docs.town import Door, Town, look_at
from shop_suite.services import NAMES, load_services

ROOT = Path(__file__).parents[2]
KNOWN = import_all_contracts()


@pytest.fixture(scope="module")
def town() -> Town:
    return look_at(load_services())


@pytest.fixture(scope="module")
def pages(town: Town) -> dict[str, str]:
    return pages_of(town)


@pytest.fixture(scope="module")
def asyncapi(pages: dict[str, str]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(pages["events/asyncapi.json"])
    return document


def test_the_committed_pages_are_those_of_this_code(pages: dict[str, str]) -> None:
    """`make docs` writes them anew."""
    committed = {
        f"{folder}/{path.name}": path.read_text()
        for folder in ("events", "flows")
        for path in (ROOT / "docs" / folder).glob("*")
    }

    assert sorted(committed) == sorted(pages)
    assert [name for name, text in pages.items() if committed[name] != text] == []


def test_the_same_code_always_gives_the_same_pages(pages: dict[str, str]) -> None:
    assert pages_of(look_at(load_services())) == pages


def test_a_page_nothing_stands_behind_any_more_is_deleted(tmp_path: Path) -> None:
    stale = tmp_path / "docs" / "events" / "order.enchanted.v1.md"
    stale.parent.mkdir(parents=True)
    stale.write_text("Once upon a time.")

    written = write_docs(tmp_path)

    assert not stale.exists()
    assert all(path.exists() for path in written)


def test_every_field_of_every_event_has_a_meaning_and_no_word_is_left_over() -> None:
    used = set()
    for key, promise in promises_of(KNOWN).items():
        event = key.rpartition(".v")[0]
        for path in promise["fields"]:
            words = meaning(event, path)
            used |= {word for word, text in WORDS.items() if text == words}

    assert set(WORDS) == used


def test_a_field_without_a_meaning_is_named() -> None:
    with pytest.raises(KeyError, match=r"no word for lines\[\]\.charm of order\.placed"):
        meaning("order.placed", "lines[].charm")


def test_every_event_has_a_page_with_each_of_its_fields(pages: dict[str, str]) -> None:
    for key, promise in promises_of(KNOWN).items():
        page = pages[f"events/{key}.md"]

        assert [path for path in promise["fields"] if f"| `{path}` |" not in page] == []


def test_every_link_between_the_pages_leads_somewhere(pages: dict[str, str]) -> None:
    there = {*pages, "subscribing.md"}

    for name, text in pages.items():
        for link in re.findall(r"\]\(([^)]+)\)", text):
            target = (Path("/docs") / Path(name).parent / link).resolve()
            assert str(target.relative_to("/docs")) in there, f"{name}: {link}"


def test_an_event_page_names_who_says_it_and_who_listens(pages: dict[str, str]) -> None:
    page = pages["events/order.placed.v1.md"]

    assert "* **order**, `POST /api/v1/orders` (`post_order`)" in page
    assert "* **logistics**, `reserve_when_placed`" in page


def test_a_private_event_says_who_may_listen(pages: dict[str, str]) -> None:
    assert "Allowed to listen: logistics." in pages["events/order.delivery_details.v1.md"]


def test_all_entry_points_of_all_services_are_seen(town: Town) -> None:
    assert {one.service for one in town.entries} == set(NAMES)
    assert {one.door for one in town.entries} == set(Door)
    for service in load_services():
        said = {event.__contract__ for events in service.publishes().values() for event in events}
        seen = {contract for one in town.of(service.name) for contract in one.publishes}
        assert seen == said


def test_nobody_says_or_hears_what_is_not_in_the_catalogue(town: Town) -> None:
    heard = {one.hears for one in town.entries if one.hears}
    said = {contract for one in town.entries for contract in one.publishes}

    assert heard | said <= set(town.contracts)
    assert [
        one for entry in town.entries for one in entry.publishes if one.by != entry.service
    ] == []


# Heard before anybody says it: whoever keeps copies of people forgets them from the first day on;
# erasing oneself is FEATURES row 11. Once account says it, this list is empty again.
NOT_SAID_YET = ["account.erased"]


def test_every_event_somebody_waits_for_is_said_by_somebody(town: Town) -> None:
    waited_for = {one.hears for one in town.entries if one.hears}

    assert [one.name for one in waited_for if not town.publishers(one)] == NOT_SAID_YET


def test_the_drawings_show_every_event_that_is_heard(town: Town, pages: dict[str, str]) -> None:
    between = pages["flows/README.md"]

    assert {one.hears.name for one in town.entries if one.hears} <= set(
        re.findall(r"[\w.]+", between)
    )


def test_the_saga_goes_from_the_order_to_the_money(pages: dict[str, str]) -> None:
    first = pages["flows/order-saga.md"].split("```mermaid")[1]

    story = ["POST /api/v1/orders", "order.placed", "stock.reserved", "order.payable"]
    places = [first.index(word) for word in story]
    assert places == sorted(places)


# AsyncAPI 3.0. No package of the index we use carries its official schema; these are the rules of
# https://www.asyncapi.com/docs/reference/specification/v3.0.0 that our document could break.


def test_the_asyncapi_document_has_what_every_document_must_have(asyncapi: dict[str, Any]) -> None:
    assert asyncapi["asyncapi"] == "3.0.0"
    assert asyncapi["info"].keys() >= {"title", "version"}
    assert asyncapi.keys() <= {
        *("asyncapi", "id", "info", "servers", "defaultContentType"),
        *("channels", "operations", "components"),
    }


def test_every_reference_in_the_asyncapi_document_leads_somewhere(asyncapi: dict[str, Any]) -> None:
    found = list(references(asyncapi))

    assert len(found) > 100
    assert [one for one in found if resolve(asyncapi, one) is None] == []


def test_names_in_the_asyncapi_document_are_of_the_allowed_letters(
    asyncapi: dict[str, Any],
) -> None:
    names = [name for part in asyncapi["components"].values() for name in part]

    assert [name for name in names if not re.fullmatch(r"[a-zA-Z0-9._-]+", name)] == []


def test_every_operation_sends_or_receives_a_message_of_its_own_channel(
    asyncapi: dict[str, Any], town: Town
) -> None:
    for operation in asyncapi["operations"].values():
        assert operation["action"] in ("send", "receive")
        (message,) = operation["messages"]
        assert message["$ref"].startswith(operation["channel"]["$ref"] + "/messages/")
    heard = {(one.service, one.hears.routing_key) for one in town.entries if one.hears}
    receiving = {name for name, one in asyncapi["operations"].items() if one["action"] == "receive"}
    assert receiving == {f"{service}.hears.{key}" for service, key in heard}


def test_every_channel_is_an_events_routing_key_with_its_golden_example(
    asyncapi: dict[str, Any],
) -> None:
    samples = read_samples()
    assert set(asyncapi["channels"]) == {contract.routing_key for contract in KNOWN.all()}
    for key, message in asyncapi["components"]["messages"].items():
        (example,) = message["examples"]
        assert example["payload"] == samples[key].data
        schema = resolve(asyncapi, message["payload"]["$ref"])
        assert set(schema["required"]) <= set(example["payload"]) <= set(schema["properties"])


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def resolve(document: dict[str, Any], reference: str) -> Any:
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found.get(step) if isinstance(found, dict) else None
    return found
