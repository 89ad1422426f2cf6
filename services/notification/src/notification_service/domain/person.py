"""Whom we tell things, as account last said."""

from __future__ import annotations

from dataclasses import dataclass

from notification_service.domain.notice import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody; version 0 while account has not said yet how they are reached."""

    account_id: str
    email: str | None = None
    phone: str | None = None
    locale: str = ""
    display_name: str = ""
    version: int = 0
    erased: bool = False

    @property
    def known(self) -> bool:
        """Whether we were told how they are reached."""
        return self.version > 0

    def address(self, channel: Channel) -> str | None:
        """Where they are reached by this channel; None: they are not."""
        return {Channel.EMAIL: self.email, Channel.SMS: self.phone}.get(channel)
