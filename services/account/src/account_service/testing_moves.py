"""Steps of tests about further, changed and removed mail addresses and numbers."""

from __future__ import annotations

from typing import Final

from werkzeug.test import TestResponse

from account_service.testing import ANNS_PHONE, PASSWORD, People
from chassis.identity import Identity
from shop_events.contracts.account import AccountCodeIssued, ChangeStep, CodePurpose

IDENTIFIERS: Final = "/account/identifiers"
CONFIRM: Final = f"{IDENTIFIERS}/confirm"
LATER: Final = "ann.later@marked.example"
NOBODYS: Final = "nobody@marked.example"


def asks(people: People, me: Identity, **body: str) -> TestResponse:
    """Wish for a further address or number, or another for one; the messages go out at once."""
    answer = people.client(me).post(IDENTIFIERS, {"password": PASSWORD, **body})
    people.bench.advance(0)
    return answer


def removes(people: People, me: Identity, **body: str) -> TestResponse:
    """Give an address or a number up."""
    return people.client(me).send("DELETE", IDENTIFIERS, {"password": PASSWORD, **body})


def sent(people: People, step: ChangeStep) -> list[AccountCodeIssued]:
    """Every message of this step of a change, the oldest first."""
    return [one for one in people.messages(CodePurpose.CHANGE_ADDRESS) if one.step is step]


def link(people: People, step: ChangeStep = ChangeStep.NEW) -> str:
    """What the last link of this step holds."""
    return str(sent(people, step)[-1].link_token)


def confirms(people: People, me: Identity, token: str) -> TestResponse:
    """Open a link."""
    return people.client(me).post(CONFIRM, {"token": token})


def adds_a_number(people: People, me: Identity) -> None:
    """Have `ANNS_PHONE` as a further number.

    Raises:
        AssertionError: it was not taken.
    """
    asks(people, me, phone=ANNS_PHONE)
    typed = {"identifier": ANNS_PHONE, "code": str(sent(people, ChangeStep.NEW)[-1].code)}
    answer = people.client(me).post(CONFIRM, typed).get_json()
    if answer != {"status": "done"}:
        raise AssertionError(answer)


def known_by(people: People, me: Identity) -> list[str]:
    """The addresses and numbers of somebody's account."""
    return [one["value"] for one in people.client(me).get("/account/me").get_json()["identifiers"]]


def told(answer: TestResponse) -> tuple[int, dict[str, object]]:
    """What somebody learns from a refusal."""
    return answer.status_code, {**answer.get_json(), "trace_id": ""}
