"""How a message leaves the house: what every mail server and SMS provider can do for us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from notification_service.domain.notice import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message with its address on it. An SMS has neither subject nor HTML.

    ``id`` is the same in each try, so that whoever gets it twice can tell.
    """

    id: str
    channel: Channel
    to: str
    text: str
    subject: str = ""
    html: str = ""
    locale: str = ""
    link: str | None = None
    code: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The other side has it and answers for it now."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """No, for good: another try would be refused as well."""

    code: str


class PostUnavailable(Exception):
    """Nobody answered, or "not now" was said; the letter may or may not be on its way.

    ``code`` is the other side's number, or a word of ours: the only part of it that may be logged.
    """

    def __init__(self, code: str) -> None:
        super().__init__(f"The letter could not be handed over now: {code}.")
        self.code = code


class Post(Protocol):
    """Somebody who takes letters: a mail server, an SMS provider, a pretend one."""

    def send(self, letter: Letter) -> Accepted | Refused:
        """Hand one letter over.

        Raises:
            PostUnavailable: it should be tried again later.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Whom we give mails, and whom SMS. None: the shop does not offer that."""

    mail: Post | None
    sms: Post | None

    def post(self, channel: Channel) -> Post | None:
        """Who carries letters by this channel."""
        return {Channel.EMAIL: self.mail, Channel.SMS: self.sms}.get(channel)
