"""Settings that would make a shop say the wrong thing, or say it in the open, are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chassis.settings import Env, Secret
from notification_service.config import SmtpTls
from services.notification.tests.conftest import settings

HTTPS = {"env": Env.PROD, "pretend_mailbox": None, "smtp_host": "mail.example"}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({**HTTPS, "shop_url": "http://shop.example"}, "https"),
        ({**HTTPS, "smtp_host": ""}, "smtp_host"),
        ({**HTTPS, "pretend_mailbox": Path("mailbox.db")}, "development"),
        ({"smtp_user": "ann", "smtp_tls": SmtpTls.NONE, "smtp_password": Secret("x")}, "private"),
        ({"smtp_user": "ann"}, "smtp_password"),
        ({"mail_from": "Jishi"}, "mail_from"),
        ({"smtp_timeout_s": 31.0}, "30"),
    ],
)
def test_a_shop_does_not_start_with_settings_that_leak_or_lose_mail(
    tmp_path: Path, given: dict[str, Any], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        settings("sqlite://", tmp_path, **given)


def test_a_shop_with_a_mail_server_and_a_private_address_starts(tmp_path: Path) -> None:
    assert settings("sqlite://", tmp_path, **HTTPS).smtp_port == 587
