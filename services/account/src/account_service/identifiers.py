"""Mail addresses and telephone numbers as people type them, in the one form they are kept in."""

from __future__ import annotations

from typing import Final

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from account_service.domain.identifier import Channel, Identifier

HOME: Final = "CN"  # whose numbers may be written without the country's code
LONGEST: Final = 254


class NoIdentifier(ValueError):
    """The text is neither a mail address nor a telephone number."""


def read_email(text: str) -> Identifier:
    """The mail address; upper and lower case are the same person.

    Raises:
        NoIdentifier: it is none.
    """
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise NoIdentifier("This is no mail address.") from error
    value = found.normalized.casefold()
    if len(value) > LONGEST:
        raise NoIdentifier("This is no mail address.")
    return Identifier(Channel.EMAIL, value)


def read_phone(text: str) -> Identifier:
    """The number in E.164; without a country's code it is a Chinese one.

    Raises:
        NoIdentifier: it is none.
    """
    try:
        number = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException as error:
        raise NoIdentifier("This is no telephone number.") from error
    if not phonenumbers.is_valid_number(number):
        raise NoIdentifier("This is no telephone number.")
    form = phonenumbers.PhoneNumberFormat.E164
    return Identifier(Channel.PHONE, phonenumbers.format_number(number, form))


def read_identifier(text: str) -> Identifier:
    """Whichever of the two it is.

    Raises:
        NoIdentifier: it is neither.
    """
    return read_email(text) if "@" in text else read_phone(text)


def read_for_sign_in(text: str) -> Identifier:
    """As `read_identifier`; what is neither is somebody nobody knows, and no error.

    A refusal here would answer faster than one after the password was checked.
    """
    try:
        return read_identifier(text)
    except NoIdentifier:
        return Identifier(Channel.EMAIL, f"nobody:{text}")
