"""PostgreSQL of our own."""

import os
import pwd
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psycopg

from shop_suite.servers.addresses import at_path, create_database, drop_database, for_psycopg
from shop_suite.servers.process import (
    LOOPBACK,
    PrivateServer,
    ServerDidNotStart,
    ServerNotInstalled,
    free_ports,
)


class PrivatePostgres(PrivateServer):
    """PostgreSQL in a folder of its own.

    ``durable=False`` leaves out fsync and saves seconds. What was committed then still survives
    ``kill``, because the system's memory does; it would not survive the machine losing power. Tests
    about faults use ``durable=True``, so that times and blocking are those of the real thing.
    """

    name = "postgres"

    def __init__(self, *, durable: bool = False, options: Sequence[str] = ()) -> None:
        self.programs = find_postgres()
        super().__init__()
        self.port = free_ports(1)[0]
        self._durable = durable
        self._options = [word for option in options for word in ("-c", option)]

    @property
    def url(self) -> str:
        """The server's own database, for making others."""
        return f"postgresql+psycopg://jishi@{LOOPBACK}:{self.port}/postgres"

    def create_database(self, name: str) -> str:
        """Make an empty database and return its address."""
        return create_database(self.url, name)

    def drop_database(self, name: str) -> None:
        """Throw a database away, whoever is connected to it."""
        drop_database(self.url, name)

    def address(self, name: str) -> str:
        """The address of a database made before."""
        return at_path(self.url, name)

    def _user(self) -> str | None:
        """PostgreSQL refuses to run as root; the package brings a user for it."""
        if os.geteuid() != 0:
            return None
        names = {entry.pw_name for entry in pwd.getpwall()}
        return "postgres" if "postgres" in names else "nobody"

    def _prepare(self) -> None:
        data = self.folder / "data"
        if (data / "PG_VERSION").exists():
            (data / "postmaster.pid").unlink(missing_ok=True)
            return
        if user := self._user():
            shutil.chown(self.folder, user)
        locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
        with self.log_path.open("ab") as log:
            made = self._run(
                [str(self.programs / "initdb"), f"--pgdata={data}", "--username=jishi"]
                + ["--auth=trust", "--encoding=UTF8", f"--locale={locale}", "--no-sync"],
                log,
            ).wait(timeout=self.starts_within_s)
        if made != 0:
            raise ServerDidNotStart(f"initdb failed:\n{self.log_path.read_text()[-2_000:]}")

    def _command(self) -> Sequence[str]:
        careful = "on" if self._durable else "off"
        settings = {
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "400",
            "fsync": careful,
            "full_page_writes": careful,
            "log_statement": "none",
            "timezone": "UTC",
        }
        if not self._durable:
            # It lives for minutes: nobody reads its log of changes, and nothing in it grows old.
            settings |= {"wal_level": "minimal", "max_wal_senders": "0", "autovacuum": "off"}
        words = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        return [
            str(self.programs / "postgres"),
            "-D",
            str(self.folder / "data"),
            *words,
            *self._options,
        ]

    def _answers(self) -> bool:
        try:
            with psycopg.connect(for_psycopg(self.url), connect_timeout=2) as connection:
                connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True


def find_postgres() -> Path:
    """The folder with ``postgres`` and ``initdb``, the newest where there are several.

    Raises:
        ServerNotInstalled: there is none.
    """
    beside_path = [Path(found).parent] if (found := shutil.which("postgres")) else []
    kept_apart = [
        folder
        for pattern in ("usr/lib/postgresql/*/bin", "opt/homebrew/opt/postgresql*/bin")
        for folder in Path("/").glob(pattern)
    ]
    usable = [f for f in beside_path + kept_apart if (f / "postgres").exists()]
    usable = [f for f in usable if (f / "initdb").exists()]
    if not usable:
        raise ServerNotInstalled("PostgreSQL is not installed on this machine.")
    return max(usable, key=_major_version)


def postgres_version(programs: Path) -> str:
    """As in 15.8."""
    said = subprocess.run(
        [str(programs / "postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    return found[0] if (found := re.search(r"\d+(\.\d+)?", said)) else said.strip()


def _major_version(programs: Path) -> int:
    return int(postgres_version(programs).split(".")[0])
