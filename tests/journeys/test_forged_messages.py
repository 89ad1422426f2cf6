"""Who speaks for a bank or a carrier without its secret is heard by nobody (SECURITY.md part 4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from shop_suite.settings import CARRIERS
from tests.journeys import forgeries
from tests.journeys.belongings import Household
from tests.journeys.forgeries import Letter, forged
from tests.journeys.grounds import Said
from tests.journeys.townsfolk import NOBODY, Town, all_at_once, statuses
from tests.support import eventually

pytestmark = pytest.mark.timeout(300)

REPLAYS: Final = 20


@pytest.fixture(scope="module")
def town(peopled: Town) -> Iterator[Town]:
    """On both ways to run. It must be sound, whatever was tried in it."""
    yield peopled
    peopled.prove()


@pytest.fixture(scope="module")
def home(town: Town) -> Household:
    """Ann's, and Mo's who sells to her."""
    return Household(town, "ann", "mo")


def letters(town: Town, home: Household) -> Iterator[tuple[Letter, str, str]]:
    """What each partner could say now; whom to ask what came of it, and the answer until then."""
    now = town.clock.now()
    payment = town.get("ann", f"GET /payments/{home.make('payment_to_confirm')}")
    yield forgeries.of_the_bank(payment, now), f"GET /payments/{payment['id']}", "created"
    intent = home.make("intent")
    town.ask(NOBODY, f"POST /dev/simulators/stripe/3ds/{intent}", {"outcome": "approve"})
    asked = town.get("ann", f"GET /payments?order_id={home.last_order}")["items"][-1]
    yield forgeries.of_stripe(asked, intent, now), f"GET /payments/{asked['id']}", "action_required"
    for carrier in CARRIERS:
        parcel = home.ship(home.make("shipment"), carrier)
        letter = forgeries.of_a_carrier(carrier, parcel["waybill"], now)
        yield letter, f"GET /tracking/{parcel['waybill']}", "shipped"


def test_what_a_partner_did_not_sign_now_and_so_has_no_effect(town: Town, home: Household) -> None:
    """SECURITY.md part 4: forged, altered, written anew, stale, of the future, another's, bare."""
    wrong = []
    for letter, call, state in letters(town, home):
        town.rest()
        before = town.told()
        for way, forgery in forged(letter):
            said = _send(town, forgery)
            if said.status not in (400, 401):
                wrong.append(f"{letter.path} took what was {way}: {said}")
        town.rest()
        seen = town.get("ann", call)
        if state not in (seen.get("status"), seen.get("state")) or town.told() != before:
            wrong.append(f"A forgery at {letter.path} had an effect: {seen}")

    assert not wrong, "\n".join(wrong)


def test_what_a_partner_says_again_and_again_at_once_counts_once(
    town: Town, home: Household
) -> None:
    for letter, call, _ in letters(town, home):
        if letter.signer == "bank":
            continue  # a payment that was never sent to it is none of its business
        town.rest()

        said = all_at_once([lambda letter=letter: _send(town, letter)] * REPLAYS)  # type: ignore[misc]

        assert statuses(said) == [200] * REPLAYS, letter.path
        town.rest()
        if letter.signer == "stripe":
            eventually(lambda call=call: town.get("ann", call)["status"] == "captured")  # type: ignore[misc]
            order_id = town.get("ann", call)["order_id"]
            assert town.get("ann", f"GET /orders/{order_id}")["status"] in ("paid", "preparing")
        else:
            assert len(town.get("ann", call)["traces"]) == 1


def test_nonsense_is_refused_even_where_it_is_signed(town: Town) -> None:
    """A partner's fault is no 500 of ours, and has no effect."""
    before, now = town.told(), town.clock.now()
    nonsense = (b"", b"{", b"[]", b"{}", b"null", b"\xff", b'{"id": 7}', b"[" * 100_000)
    partners = [("bank", "/payments/webhooks/pretend"), ("stripe", "/payments/webhooks/stripe")]
    partners += [(carrier, f"/logistics/webhooks/{carrier}") for carrier in CARRIERS]

    for signer, path in partners:
        for raw in nonsense:
            said = _send(town, Letter(path=path, raw=raw, signer=signer, at=now).signed())
            assert 400 <= said.status < 500, (path, raw[:20], said)
            assert said.code, said
    assert town.told() == before


def _send(town: Town, letter: Letter) -> Said:
    return town.ask(NOBODY, f"POST {letter.path}", letter.raw, **dict(letter.headers))
