"""Signing keys rotate while people sign in, and nobody is refused (SECURITY.md part 2)."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from account_service.testing import People
from chassis import watched_file
from chassis.signing import SigningKeys, pem_of
from chassis.tokens import KeySet, SigningKey
from shop_events.testing.waiting import eventually

OLD, NEW = SigningKey.generate("old"), SigningKey.generate("new")


class Drill:
    """The two files that are changed: account's private keys, and everybody's public ones."""

    def __init__(self, people: People, folder: Path) -> None:
        self.people = people
        self.private, self.public = folder / "keys.pem", folder / "jwks.json"
        self.write(OLD)
        runtime = people.bench.runtime
        keys = SigningKeys.from_file(self.private)
        object.__setattr__(runtime.settings, "signing_keys", keys)
        runtime.tokens = replace(runtime.tokens, keys=KeySet.from_file(self.public))

    def write(self, *keys: SigningKey) -> None:
        for file, text in (
            (self.public, json.dumps({"keys": [key.public() for key in keys]})),
            (self.private, "".join(pem_of(key) for key in keys)),
        ):
            beside = file.with_suffix(".new")
            beside.write_text(text)
            beside.replace(file)

    def published(self) -> list[str]:
        """What the door says while somebody signs in, who must be let in at once."""
        assert self.people.comes_in(self.people.signs_in())
        answer = self.people.bench.client().get("/.well-known/jwks.json")
        return [key["kid"] for key in answer.get_json()["keys"]]


def test_keys_rotate_while_people_sign_in_and_nobody_is_refused(
    quick: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched_file, "LOOK_EVERY_S", 0.05)
    quick.joins()
    drill = Drill(quick, tmp_path)
    before = quick.signs_in()

    drill.write(OLD, NEW)
    eventually(lambda: drill.published() == ["old", "new"])
    assert quick.comes_in(before)

    drill.write(NEW, OLD)
    eventually(lambda: drill.published() == ["new", "old"])
    assert quick.comes_in(before)

    drill.write(NEW)
    eventually(lambda: drill.published() == ["new"])
    eventually(lambda: not quick.comes_in(before))
    assert quick.refreshes(before["refresh_token"]).status_code == 200
