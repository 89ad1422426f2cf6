"""Notification on a bench, with everybody's mailbox in a file that one may look into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chassis.settings import Env, Secret
from chassis.testing import ISSUER_KEY, Bench, Client, shopper
from chassis.testing.databases import KINDS, fresh_database
from chassis.tokens import key_set_of
from notification_service.audit import counter_examples
from notification_service.config import NotificationSettings
from notification_service.outside.post import Outside
from notification_service.outside.pretend_mailbox import Arrived, PretendMailbox
from notification_service.service import service


class Office:
    """Where messages are written: the service, the mailboxes, and short words for both."""

    def __init__(self, bench: Bench, mailbox: PretendMailbox) -> None:
        self.bench = bench
        self.mailbox = mailbox
        self.hears = bench.hears

    @property
    def ann(self) -> Client:
        return self.bench.client(shopper("ann"))

    def sends(self) -> list[Arrived]:
        """Whatever is due goes out; everything that ever arrived, the oldest first."""
        self.bench.do_chores()
        return self.mailbox.letters()[::-1]

    def subjects(self, to: str | None = None) -> list[str]:
        """What arrived at one address; an SMS has its text for a subject."""
        letters = self.sends()
        return [one.subject or one.text for one in letters if to in (None, one.to)]

    def waits(self, seconds: float) -> None:
        """Time passes, and what is due then happens."""
        self.bench.advance(seconds)
        self.bench.do_chores()

    def inbox(self) -> list[dict[str, Any]]:
        """What Ann finds in her inbox."""
        return self.ann.get("/notifications").get_json()["items"]

    def complaints(self) -> list[str]:
        """What an auditor finds."""
        return list(counter_examples(self.bench.database))


def settings(url: str, folder: Path, **more: Any) -> NotificationSettings:
    given = {
        "env": Env.DEV,
        "pretend_mailbox": folder / "mailbox.db",
        "shop_url": "https://shop.example",
    }
    return NotificationSettings(
        database_url=Secret(url), token_keys=key_set_of(ISSUER_KEY), **given | more
    )


def open_office(url: str, folder: Path) -> Office:
    mailbox = PretendMailbox(folder / "mailbox.db")
    outside = Outside(mail=mailbox, sms=mailbox)
    return Office(Bench(service, settings(url, folder), outside=outside), mailbox)


def _office(kinds: Any) -> Any:
    @pytest.fixture(params=kinds)
    def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
        with fresh_database(service, request) as url:
            office = open_office(url, tmp_path)
            yield office
            assert office.complaints() == []
            office.bench.close()

    return office


office = _office(KINDS)
small_office = _office(["sqlite"])  # for what has nothing to do with the kind of database


@pytest.fixture(params=["sqlite"])
def spoilt_office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """For the auditor's own tests: all others ask it last, on both databases."""
    with fresh_database(service, request) as url:
        office = open_office(url, tmp_path)
        yield office
        office.bench.close()
