"""A letter as a mail: headers that no text of a stranger can add a line to, text and HTML."""

from __future__ import annotations

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from typing import Final

from notification_service.outside.post import Letter

# Every server takes 7 bits (RFC 5321 section 2.3.1); 8BITMIME and SMTPUTF8 are not everywhere.
_POLICY: Final = SMTP.clone(cte_type="7bit")


class NotAnAddress(ValueError):
    """The address cannot stand in a mail."""


def compose(letter: Letter, *, sender: str) -> EmailMessage:
    """The mail. Its Message-ID is the letter's, so that it is the same in each try.

    Raises:
        NotAnAddress: the letter's address is none, or holds a line break.
    """
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = sender
    mail["To"] = _address(letter.to)
    mail["Subject"] = letter.subject
    mail["Date"] = letter.at
    mail["Message-ID"] = f"<{letter.id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    mail["Content-Language"] = letter.locale
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers to it
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    return mail


def _address(text: str) -> Address:
    name, _, domain = text.rpartition("@")
    try:
        address = Address(addr_spec=f"{name}@{domain.encode('idna').decode()}")
    except (ValueError, IndexError, MessageError) as error:  # the parser's ways to say no
        raise NotAnAddress("This is no mail address.") from error
    if not address.username or not address.domain:
        raise NotAnAddress("This is no mail address.")
    return address
