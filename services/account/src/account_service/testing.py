"""Ann, her account, and all she may do with it. Imported by tests alone.

The bodies (`ann`, `a_home`) are as they are sent, so the journeys use them too; `People` is account
on a bench, with a mailbox to look into.
"""

from __future__ import annotations

from typing import Any, Final

from werkzeug.test import TestResponse

from chassis.identity import Identity, Role
from chassis.signing import SigningKeys
from chassis.testing import ISSUER_KEY, Bench, Client
from shop_events.contracts.account import AccountCodeIssued, AccountRegistered, CodePurpose

Body = dict[str, Any]

PASSWORD: Final = "three mugs and a lilac"  # noqa: S105 - opens a test's account
NEW_PASSWORD: Final = "four mugs and a teapot"  # noqa: S105 - the same
ANN: Final = "ann@marked.example"
ANNS_PHONE: Final = "+8613800000000"
BOB: Final = "bob@marked.example"
DEV_ACCOUNTS: Final = "/dev/accounts"


def cheap() -> Body:
    """Settings of a test: what is not about its cost costs nothing."""
    return {
        "signing_keys": SigningKeys.of(ISSUER_KEY),
        "password_memory_kib": 64,
        "password_passes": 1,
        "attempts_of_a_network": 1_000_000,
        "attempts_of_all": 1_000_000,
    }


def ann_registers(**changed: Any) -> Body:
    """The body of ``POST /auth/register``."""
    usual = {"email": ANN, "password": PASSWORD, "display_name": "Ann Marked"}
    return {name: value for name, value in {**usual, **changed}.items() if value is not None}


def a_home(**changed: Any) -> Body:
    """The body of ``POST /account/addresses``: a district of Shanghai."""
    return {
        "recipient": "Ann Marked",
        "phone": ANNS_PHONE,
        "country": "CN",
        "division_code": "310101",
        "line1": "1 Lilac Road",
        "postal_code": "200001",
        **changed,
    }


def a_dev_account(email: str = ANN, **changed: Any) -> Body:
    """The body of ``POST /dev/accounts``."""
    return {"email": email, "password": PASSWORD, "display_name": "Ann Marked", **changed}


class People:
    """Account alone, on a bench."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    def post(self, path: str, body: object = None, **headers: str) -> TestResponse:
        """Somebody whom nobody knows yet asks for something."""
        return self.bench.client().post(path, body, headers=headers)

    def registers(self, **changed: Any) -> TestResponse:
        """Ann registers, or somebody else; the worker looks a moment later."""
        answer = self.post("/auth/register", ann_registers(**changed))
        self.bench.advance(0)
        return answer

    def messages(self, purpose: CodePurpose | None = None) -> list[AccountCodeIssued]:
        """All that was sent, in order."""
        sent = self.bench.said(AccountCodeIssued)
        return [one for one in sent if purpose in (None, one.purpose)]

    def link(self, purpose: CodePurpose = CodePurpose.VERIFY) -> str:
        """The token of the last link that was sent for this."""
        return str(self.messages(purpose)[-1].link_token)

    def verifies(self, **proof: str) -> TestResponse:
        """Somebody opens the last link, or sends ``proof``."""
        return self.post("/auth/verify", proof or {"token": self.link()})

    def joins(self, email: str = ANN, **changed: Any) -> str:
        """Somebody has a verified account at once; its id."""
        made = self.post(DEV_ACCOUNTS, a_dev_account(email, **changed))
        return str(_body(made, 200)["id"])

    def tries(self, password: str, *, who: str = ANN, at: str = "", **more: Any) -> TestResponse:
        """Somebody tries to sign in, perhaps from another network."""
        body = {"identifier": who, "password": password, **more}
        place = {"REMOTE_ADDR": at} if at else {}
        return self.bench.client().post("/auth/login", body, environ_overrides=place)

    def signs_in(self, who: str = ANN, password: str = PASSWORD, **more: Any) -> Body:
        """Somebody signs in; both tokens."""
        return _body(self.tries(password, who=who, **more), 200)

    def signed_in(self, email: str = ANN, **changed: Any) -> Identity:
        """Somebody with a verified account who is signed in."""
        self.joins(email, **changed)
        return self.identity(self.signs_in(email))

    def identity(self, pair: Body) -> Identity:
        """Whom this access token is of."""
        return self.bench.runtime.tokens.identity(pair["access_token"])

    def refreshes(self, token: str) -> TestResponse:
        """Somebody goes on with a session."""
        return self.post("/auth/refresh", {"refresh_token": token})

    def client(self, who: Identity) -> Client:
        """Somebody who is signed in asks."""
        return self.bench.client(who)

    def comes_in(self, pair: Body) -> bool:
        """Whether this access token opens a door here."""
        bearer = {"Authorization": f"Bearer {pair['access_token']}"}
        return self.bench.client().get("/account/me", headers=bearer).status_code == 200

    def admin(self) -> Identity:
        """Somebody who runs the shop."""
        made = self.joins("ada@marked.example", role="admin", display_name="Ada")
        return Identity(subject=made, role=Role.ADMIN, session_id="session-of-ada")

    def registered(self) -> list[str]:
        """The ids of all accounts, in the order they were made in."""
        return [one.account_id for one in self.bench.said(AccountRegistered)]


def _body(answer: TestResponse, status: int) -> Body:
    if answer.status_code != status:
        raise AssertionError(f"{answer.status_code}, not {status}: {answer.text}")
    body: Body = answer.get_json()
    return body
