"""What can go wrong where somebody adds, changes or removes a mail address or a number.

The tree is drawn in `account_service.domain.errors`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from account_service.domain.errors import AccountError
from account_service.domain.identifier import Channel, Identifier

_MANY: Final = {Channel.EMAIL: "mail addresses", Channel.PHONE: "telephone numbers"}


class IdentifierNotFound(AccountError):
    """It is nobody's, or somebody else's: nobody can tell the two apart."""

    code = "identifier_not_found"
    status = 404

    def __init__(self, identifier: Identifier) -> None:
        super().__init__(f"{identifier} is none of your addresses and numbers.")


class NothingToReplace(AccountError):
    """A mail address takes the place of one's own verified other one, a number that of a number."""

    code = "nothing_to_replace"
    status = 422

    def __init__(self, replaces: Identifier) -> None:
        why = f"{replaces} is none of yours that this could replace."
        super().__init__(why)
        self.errors = {"replaces": [why]}


class TooManyIdentifiers(AccountError):
    """An account has a few of each kind."""

    code = "too_many_identifiers"

    def __init__(self, channel: Channel, at_most: int) -> None:
        super().__init__(f"An account has at most {at_most} {_MANY[channel]}; remove one first.")


class LastIdentifier(AccountError):
    """Who is reached nowhere could never sign in again."""

    code = "last_identifier"

    def __init__(self, identifier: Identifier) -> None:
        super().__init__(
            f"{identifier} is the last one by which you are known; add or verify another one first."
        )


class OthersTooNew(AccountError):
    """Adding one and removing the old one would be a change that the old one never agreed to."""

    code = "others_too_new"

    def __init__(self, identifier: Identifier, until: datetime) -> None:
        super().__init__(
            f"{identifier} can be removed from {until:%Y-%m-%dT%H:%M:%SZ} on, a day after another "
            "one was added; or change it, and confirm that at both."
        )
