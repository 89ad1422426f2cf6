"""How the card provider's SDK reaches its servers: one request, no retry, no redirect, limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import stripe
import urllib3

TIMEOUT: Final = urllib3.Timeout(connect=2.0, read=8.0)  # less than the ladder's first rung
LARGEST_ANSWER_BYTES: Final = 1_000_000
_SOME: Final = 65_536


class HttpWire(stripe.HTTPClient):
    """Over HTTPS. Asking again is the ladder's business (P6), never the connection's."""

    name = "urllib3"

    def __init__(self) -> None:
        super().__init__()
        self._pool = urllib3.PoolManager(maxsize=8, retries=False, timeout=TIMEOUT)

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        """Send one request.

        Raises:
            stripe.APIConnectionError: no answer, a redirect (ASVS 15.3.2), or far too long a one.
        """
        try:
            answer = self._pool.request(
                method.upper(),
                url,
                body=post_data,
                headers=dict(headers or {}),
                redirect=False,
                preload_content=False,
            )
            with answer:
                return _text(answer), answer.status, dict(answer.headers)
        except (urllib3.exceptions.HTTPError, UnicodeDecodeError) as error:
            raise no_answer(type(error).__name__) from error

    def close(self) -> None:
        """Let go of the connections."""
        self._pool.clear()


def no_answer(why: str) -> stripe.APIConnectionError:
    """That there was none, as the SDK says it."""
    return stripe.APIConnectionError(why)  # type: ignore[no-untyped-call]


def _text(answer: urllib3.BaseHTTPResponse) -> str:
    if 300 <= answer.status < 400:
        raise no_answer(f"A redirect ({answer.status}) is not followed.")
    body = b""
    for part in answer.stream(_SOME):
        body += part
        if len(body) > LARGEST_ANSWER_BYTES:
            raise no_answer("The answer is longer than any should be.")
    return body.decode("utf-8")
