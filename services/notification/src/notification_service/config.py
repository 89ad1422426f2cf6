"""Notification's settings."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path

from chassis.settings import Env, Secret, ServiceSettings


class SmtpTls(StrEnum):
    """How the line to the mail server is made private."""

    STARTTLS = "starttls"  # RFC 3207, port 587
    TLS = "tls"  # RFC 8314, port 465
    NONE = "none"  # a server on this very machine


@dataclass(frozen=True, kw_only=True)
class NotificationSettings(ServiceSettings):
    """What notification is told besides.

    ``shop_url`` is where every link leads: never the Host of a request (ASVS 6.4). Without a mail
    server a development shop keeps mails and SMS in ``pretend_mailbox``; no other shop starts.

    Raises:
        ValueError: a link would not be private, a password would go over an open line, or there
            is nowhere to send to.
    """

    shop_url: str = "http://127.0.0.1:8000"
    mail_from: str = "Jishi <no-reply@jishi.localhost>"
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_tls: SmtpTls = SmtpTls.STARTTLS
    smtp_user: str = ""
    smtp_password: Secret | None = None
    smtp_ca_file: Path | None = None  # whom to trust instead of the system's authorities
    smtp_timeout_s: float = 15.0
    pretend_mailbox: Path | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        dev = self.env is Env.DEV
        if not dev and not self.shop_url.startswith("https://"):
            raise ValueError("shop_url must begin with https:// outside a development shop.")
        if self.pretend_mailbox is not None and not dev:
            raise ValueError("pretend_mailbox is for a development shop alone (SHOP_ENV=dev).")
        if not self.smtp_host and self.pretend_mailbox is None:
            raise ValueError("smtp_host is not set, and there is no pretend_mailbox to use.")
        if self.smtp_user and (self.smtp_tls is SmtpTls.NONE or self.smtp_password is None):
            raise ValueError("smtp_user needs a smtp_password, and a private line for it.")
        if "@" not in parseaddr(self.mail_from)[1]:
            raise ValueError("mail_from is no mail address.")
        # A conversation of ten words must end within a try's five minutes (store.deliveries.LEASE).
        if not 0 < self.smtp_timeout_s <= 30:
            raise ValueError("smtp_timeout_s is not within 0 and 30 seconds.")
