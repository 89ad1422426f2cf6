"""What people call themselves at the door: a mail address or a telephone number."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """How somebody is reached."""

    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A mail address or a number in E.164, in the one form it is kept in."""

    channel: Channel
    value: str

    @property
    def masked(self) -> str:
        """For an admin's eyes: ``a***@example.com``, ``+86***0000``."""
        if self.channel is Channel.PHONE:
            return f"{self.value[:3]}***{self.value[-4:]}"
        name, _, host = self.value.partition("@")
        return f"{name[:1]}***@{host}"

    @property
    def fingerprint(self) -> str:
        """For counters, which need to know whether it is the same and not what it is."""
        return hashlib.sha256(f"{self.channel}:{self.value}".encode()).hexdigest()

    def __str__(self) -> str:
        return self.masked  # so that no message or log line carries it by mistake
