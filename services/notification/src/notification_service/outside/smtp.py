"""Mails by SMTP (RFC 5321): one conversation a letter, each of its words within a time limit."""

from __future__ import annotations

import logging
import smtplib
import ssl
from contextlib import closing

from notification_service.config import NotificationSettings, SmtpTls
from notification_service.outside.mail import NotAnAddress, compose
from notification_service.outside.post import Accepted, Letter, PostUnavailable, Refused

log = logging.getLogger(__name__)


class SmtpPost:
    """The mail server of the settings."""

    def __init__(self, settings: NotificationSettings) -> None:
        self._settings = settings

    def send(self, letter: Letter) -> Accepted | Refused:
        """Hand one mail over.

        Raises:
            PostUnavailable: no answer, a 4xx, or the server does not want *us* (login, sender).
        """
        try:
            mail = compose(letter, sender=self._settings.mail_from)
        except NotAnAddress:
            return Refused(code="bad_address")
        try:
            with closing(self._connect()) as server:
                self._greet(server)
                server.send_message(mail)
                _leave(server)
        except smtplib.SMTPException as error:
            return _refused(error)
        except OSError as error:  # nobody there, a line that broke, TLS that was not trusted
            raise PostUnavailable(type(error).__name__) from error
        return Accepted(code="250")

    def _connect(self) -> smtplib.SMTP:
        told = self._settings
        if told.smtp_tls is SmtpTls.TLS:
            return smtplib.SMTP_SSL(
                told.smtp_host,
                told.smtp_port,
                timeout=told.smtp_timeout_s,
                context=self._trust(),
            )
        return smtplib.SMTP(told.smtp_host, told.smtp_port, timeout=told.smtp_timeout_s)

    def _greet(self, server: smtplib.SMTP) -> None:
        if self._settings.smtp_tls is SmtpTls.STARTTLS:
            server.starttls(context=self._trust())
        if self._settings.smtp_user and self._settings.smtp_password is not None:
            server.login(self._settings.smtp_user, self._settings.smtp_password.reveal())

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._settings.smtp_ca_file)


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye. The server answers for the mail already: what goes wrong now changes nothing."""
    try:
        server.quit()
    except (smtplib.SMTPException, OSError) as error:
        log.info("The mail server did not say goodbye: %s.", type(error).__name__)


def _refused(error: smtplib.SMTPException) -> Refused:
    """A lasting no to this recipient or this mail.

    A no to our login, name or sender is our own fault, which somebody will mend: the mail waits.

    Raises:
        PostUnavailable: everything else.
    """
    code = _code(error)
    about_the_mail = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    if about_the_mail and code.startswith("5"):
        return Refused(code=code)
    raise PostUnavailable(code) from error


def _code(error: smtplib.SMTPException) -> str:
    """The server's number alone: its text repeats the address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return str(next(iter(error.recipients.values()))[0])
    if isinstance(error, smtplib.SMTPResponseException):
        return str(error.smtp_code)
    return type(error).__name__
