"""Fields of account's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from marshmallow import ValidationError, fields, validate

from account_service.domain.identifier import Identifier
from account_service.domain.password import LONGEST
from account_service.identifiers import NoIdentifier, read_email, read_for_sign_in, read_phone

LOCALES: Final = ("zh-CN", "en")
# Names and addresses are one line: no control characters, and not only blanks.
_ONE_LINE: Final = (
    r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z"
)


class _IdentifierField(fields.String):
    """A text that is read by ``reader``."""

    reader: Callable[[str], Identifier]

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        if len(text) > 320:  # RFC 3696: no address is longer
            raise ValidationError("This is too long.")
        try:
            return type(self).reader(text)
        except NoIdentifier as error:
            raise ValidationError(str(error)) from error


class Email(_IdentifierField):
    """A mail address."""

    reader = staticmethod(read_email)


class Phone(_IdentifierField):
    """A telephone number; without a country's code a Chinese one."""

    reader = staticmethod(read_phone)


class WhoSignsIn(_IdentifierField):
    """Whatever somebody types who signs in."""

    reader = staticmethod(read_for_sign_in)


class Password(fields.String):
    """At most 128 characters: counted before anything is computed (SECURITY.md part 1)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(1, LONGEST), load_only=True, **kwargs)


class OneLine(fields.String):
    """A name, a street: 1 to ``at_most`` characters, none of them a control character."""

    def __init__(self, *, at_most: int, **kwargs: Any) -> None:
        rules = [
            validate.Length(1, at_most),
            validate.Regexp(_ONE_LINE, error="This is no line of text."),
        ]
        super().__init__(validate=rules, **kwargs)


class Secret(fields.String):
    """A token as it was given out; never longer than ours are."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(1, 128), **kwargs)
