"""The real client against a real mail server on this machine (aiosmtpd), noes and silence too."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chassis.settings import Secret
from notification_service.config import NotificationSettings, SmtpTls
from notification_service.domain.notice import Channel
from notification_service.outside.post import Accepted, Letter, PostUnavailable, Refused
from notification_service.outside.smtp import SmtpPost
from services.notification.tests.conftest import settings

LETTER = Letter(
    id="n-1.email",
    channel=Channel.EMAIL,
    to="ann@example.com",
    subject="订单 261122MUG 已确认",
    text="感谢您的订购。\n.\n一个点不是结尾",
    html="<p>感谢您的订购。</p>",
    locale="zh-CN",
    at=datetime(2026, 11, 22, 8, 0, tzinfo=UTC),
)


class MailServer:
    """Takes mails, or answers as it was told to at RCPT and DATA."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.answers: dict[str, str] = {}
        self.port = 0

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(self, _server, _session, envelope, address, _options):  # noqa: N802
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


def serve(**options: Any) -> Iterator[MailServer]:
    server = MailServer()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server.port = free.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=server.port, **options)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@pytest.fixture
def server() -> Iterator[MailServer]:
    yield from serve()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of ``localhost`` in one file, good for an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def private_server(certificate: Path) -> Iterator[MailServer]:
    """Takes mails over TLS alone, from who knows the password."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def check(_server, _session, _envelope, _mechanism, given) -> AuthResult:
        right = isinstance(given, LoginPassword) and given.password == b"agreed"
        return AuthResult(success=right, handled=False)

    yield from serve(
        tls_context=context, require_starttls=True, authenticator=check, auth_required=True
    )


def told(folder: Path, server: MailServer, **more: Any) -> NotificationSettings:
    given = {"smtp_host": "localhost", "smtp_port": server.port, "smtp_tls": SmtpTls.NONE}
    return settings("sqlite://", folder, **given | {"smtp_timeout_s": 5.0} | more)


def test_a_mail_arrives_as_it_was_written(server: MailServer, tmp_path: Path) -> None:
    assert SmtpPost(told(tmp_path, server)).send(LETTER) == Accepted(code="250")

    (mail,) = server.mails
    assert mail["Subject"] == LETTER.subject
    assert mail["Message-ID"] == "<n-1.email@jishi.localhost>"
    assert mail["From"] == "Jishi <no-reply@jishi.localhost>"
    assert server.envelopes == [("no-reply@jishi.localhost", ["ann@example.com"])]
    plain, html = mail.iter_parts()
    assert plain.get_content().split() == LETTER.text.split()
    assert html.get_content().strip() == LETTER.html


def test_the_same_letter_has_the_same_message_id_each_time(
    server: MailServer, tmp_path: Path
) -> None:
    post = SmtpPost(told(tmp_path, server))
    post.send(LETTER)
    post.send(replace(LETTER, text="another try, a minute later"))

    assert len({mail["Message-ID"] for mail in server.mails}) == 1


@pytest.mark.parametrize(
    ("step", "answer"), [("RCPT", "550 no such user"), ("DATA", "554 no spam")]
)
def test_a_lasting_no_to_recipient_or_mail_is_a_refusal(
    server: MailServer, tmp_path: Path, step: str, answer: str
) -> None:
    server.answers[step] = answer

    assert SmtpPost(told(tmp_path, server)).send(LETTER) == Refused(code=answer[:3])


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("RCPT", "450 mailbox busy"),
        ("DATA", "451 try again"),
        ("RCPT", "421 going down"),
        ("MAIL", "550 not from you"),  # our own fault, which somebody will mend
    ],
)
def test_a_passing_no_and_a_no_to_us_ask_for_another_try(
    server: MailServer, tmp_path: Path, step: str, answer: str
) -> None:
    server.answers[step] = answer

    with pytest.raises(PostUnavailable) as caught:
        SmtpPost(told(tmp_path, server)).send(LETTER)

    assert caught.value.code == answer[:3]


def test_a_server_that_is_not_there_or_says_nothing_asks_for_another_try(tmp_path: Path) -> None:
    nobody = MailServer()
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        nobody.port = silent.getsockname()[1]
        with pytest.raises(PostUnavailable, match="Refused"):
            SmtpPost(told(tmp_path, nobody)).send(LETTER)
        silent.listen()
        with pytest.raises(PostUnavailable, match="Disconnected"):
            SmtpPost(told(tmp_path, nobody, smtp_timeout_s=0.2)).send(LETTER)


def test_a_server_that_hangs_up_after_the_mail_has_it_all_the_same(tmp_path: Path) -> None:
    """RFC 5321 section 6.1: with its 250 the server answers for the mail."""
    server, taken = MailServer(), threading.Event()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server.port = listening.getsockname()[1]
        rude = threading.Thread(target=hang_up_after_the_mail, args=(listening, taken))
        rude.start()
        answer = SmtpPost(told(tmp_path, server, smtp_host="127.0.0.1")).send(LETTER)
        rude.join(10)

    assert taken.is_set()
    assert answer == Accepted(code="250")


def hang_up_after_the_mail(listening: socket.socket, taken: threading.Event) -> None:
    line, _ = listening.accept()
    line.settimeout(10)
    with line, line.makefile("rwb", buffering=0) as words:
        words.write(b"220 here\r\n")
        for said in words:
            if said.upper().startswith(b"DATA"):
                break
            words.write(b"250 OK\r\n")
        words.write(b"354 go on\r\n")
        while words.readline() != b".\r\n":
            pass
        words.write(b"250 mine now\r\n")
        taken.set()


def test_the_line_is_made_private_before_the_password_is_said(
    private_server: MailServer, certificate: Path, tmp_path: Path
) -> None:
    login = {"smtp_user": "jishi", "smtp_password": Secret("agreed")}
    private = {"smtp_tls": SmtpTls.STARTTLS, "smtp_ca_file": certificate}

    SmtpPost(told(tmp_path, private_server, **login, **private)).send(LETTER)

    assert len(private_server.mails) == 1


def test_a_wrong_password_costs_nobody_a_mail(
    private_server: MailServer, certificate: Path, tmp_path: Path
) -> None:
    login = {"smtp_user": "jishi", "smtp_password": Secret("guessed")}
    private = {"smtp_tls": SmtpTls.STARTTLS, "smtp_ca_file": certificate}

    with pytest.raises(PostUnavailable, match="535"):
        SmtpPost(told(tmp_path, private_server, **login, **private)).send(LETTER)


def test_a_server_nobody_vouches_for_gets_neither_password_nor_mail(
    private_server: MailServer, tmp_path: Path
) -> None:
    login = {"smtp_user": "jishi", "smtp_password": Secret("agreed")}

    with pytest.raises(PostUnavailable, match="SSL"):
        SmtpPost(told(tmp_path, private_server, smtp_tls=SmtpTls.STARTTLS, **login)).send(LETTER)

    assert private_server.mails == []


def test_a_server_without_starttls_is_not_spoken_to_in_the_open(
    server: MailServer, tmp_path: Path
) -> None:
    with pytest.raises(PostUnavailable):
        SmtpPost(told(tmp_path, server, smtp_tls=SmtpTls.STARTTLS)).send(LETTER)

    assert server.mails == []


@pytest.mark.parametrize(
    "address",
    [
        "ann@example.com\r\nBcc: all@example.com",
        "ann@example.com\nRCPT TO:<all@example.com>",
        "ann@example.com, all@example.com",
        "Ann <ann@example.com>",
        "@example.com",
        "ann",
        "",
        "ann@",
        "ann\x00@example.com",
        "安@example.com",  # RFC 6531, which few servers speak
    ],
)
def test_an_address_that_is_none_is_refused_and_nothing_is_sent(
    server: MailServer, tmp_path: Path, address: str
) -> None:
    answer = SmtpPost(told(tmp_path, server)).send(replace(LETTER, to=address))

    assert isinstance(answer, Refused)
    assert server.mails == []


def test_a_domain_in_chinese_is_written_as_every_server_reads_it(
    server: MailServer, tmp_path: Path
) -> None:
    SmtpPost(told(tmp_path, server)).send(replace(LETTER, to="ann@例子.中国"))

    assert server.envelopes[0][1] == ["ann@xn--fsqu00a.xn--fiqs8s"]
