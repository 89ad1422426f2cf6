"""RabbitMQ of our own."""

import os
import re
import secrets
import shutil
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from shop_suite.servers.addresses import at_path
from shop_suite.servers.process import LOOPBACK, PrivateServer, ServerNotInstalled, free_ports

# What a client says first, and the type of the frame a broker that is ready answers with
# (AMQP 0-9-1, 4.2.2 and 4.2.3).
HELLO = b"AMQP\x00\x00\x09\x01"
METHOD_FRAME = b"\x01"

SETTINGS = """\
listeners.tcp.1 = {loopback}:{port}
disk_free_limit.absolute = 50MB
log.console = true
log.console.level = info
log.file = false
# The usual 512 MB would be written out before the first old segment goes.
raft.wal_max_size_bytes = 67108864
"""


class PrivateRabbit(PrivateServer):
    """RabbitMQ in a folder of its own: own node name, own cookie, own port mapper."""

    name = "rabbit"
    starts_within_s = 120.0  # 6 s on a quiet machine of two cores, 18 s after a crash under load

    def __init__(self, *, settings: str = "", schedulers: int = 2) -> None:
        """``schedulers``: of Erlang; one wastes least where nobody asks how fast it is."""
        self.programs = find_rabbit()
        super().__init__()
        self.port, self._dist_port, self._epmd_port = free_ports(3)
        self.node = f"jishi-{secrets.token_hex(4)}@localhost"
        self._schedulers = f"+S {schedulers}:{schedulers}"
        self._settings = SETTINGS.format(loopback=LOOPBACK, port=self.port) + settings
        self._epmd: subprocess.Popen[bytes] | None = None
        self._epmd_guard: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The virtual host a broker has from the start."""
        return f"amqp://guest:guest@{LOOPBACK}:{self.port}/%2F"

    def create_vhost(self, name: str = "") -> str:
        """Make an empty virtual host that ``guest`` may do everything in; return its address.

        Without a name it gets one that is nobody else's.
        """
        name = name or f"vhost-{secrets.token_hex(6)}"
        self.ctl("eval", making_vhosts([name]))
        return at_path(self.url, name)

    def ctl(self, *words: str) -> str:
        """What ``rabbitmqctl`` prints for these words.

        Raises:
            RuntimeError: it refused; its own words are in the message.
        """
        if words[0] == "eval" and shutil.which("erl_call"):
            answer = self._evaluated(words[1])
            if answer is not None:
                return answer
        ctl = [str(self.programs / "rabbitmqctl"), "--quiet", "-n", self.node]
        done = self._told([*ctl, *words])
        if done.returncode != 0:
            raise RuntimeError(f"rabbitmqctl {words[0]}: {done.stderr.strip() or done.stdout}")
        return done.stdout

    def _evaluated(self, expression: str) -> str | None:
        """As rabbitmqctl would, in a hundredth of the time: this caller starts no Erlang.

        None where it could not reach the node, as on a machine at its limit: it does not try long.
        """
        # The cookie it finds in the home folder, as rabbitmqctl does.
        done = self._told(["erl_call", "-sname", self.node, "-e"], said=f"{expression}\n")
        answer = done.stdout.strip()
        if "failed to connect" in done.stderr:
            return None
        if done.returncode != 0 or not answer.startswith("{ok, "):
            raise RuntimeError(f"rabbitmqctl eval: {done.stderr.strip() or answer}")
        return answer.removeprefix("{ok, ").removesuffix("}")

    def _told(self, command: Sequence[str], *, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            input=said,
            env=dict(self._environment()),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def close(self) -> None:
        """End it, and its port mapper, and throw its folder away."""
        self.kill()
        if self._epmd is not None:
            self._epmd.kill()
            self._epmd.wait(timeout=5)
            self._dismiss(self._epmd_guard)
            self._epmd = None
        super().close()

    def _prepare(self) -> None:
        (self.folder / "rabbitmq.conf").write_text(self._settings)
        (self.folder / "plugins").write_text("[].\n")
        (self.folder / "env.conf").write_text("")
        cookie = self.folder / ".erlang.cookie"
        if not cookie.exists():
            cookie.write_text(secrets.token_hex(16))
            cookie.chmod(0o400)
        if self._epmd is None or self._epmd.poll() is not None:
            # Started by us, in the foreground: the one that Erlang would start outlives the tests.
            self._epmd = self._start_epmd()
            self._epmd_guard = self._watch_over(self._epmd.pid)

    def _start_epmd(self) -> subprocess.Popen[bytes]:
        with self.log_path.open("ab") as log:
            return self._run(
                ["epmd", "-address", LOOPBACK, "-port", str(self._epmd_port)],
                log,
            )

    def _command(self) -> Sequence[str]:
        return [str(self.programs / "rabbitmq-server")]

    def _environment(self) -> Mapping[str, str]:
        on_loopback = "-kernel inet_dist_use_interface {127,0,0,1}"
        kept = {key: os.environ[key] for key in ("PATH", "LANG", "TMPDIR") if key in os.environ}
        return kept | {
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.folder),
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "ERL_EPMD_PORT": str(self._epmd_port),
            # The script then becomes the broker instead of waiting for it.
            "RUNNING_UNDER_SYSTEMD": "true",
            "RABBITMQ_NODENAME": self.node,
            "RABBITMQ_NODE_IP_ADDRESS": LOOPBACK,
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._dist_port),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "env.conf"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.folder / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_PID_FILE": str(self.folder / "rabbit.pid"),
            # They go to sleep when idle: it shares a small machine with the tests.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"{self._schedulers} +sbwt none {on_loopback}",
            "RABBITMQ_CTL_ERL_ARGS": on_loopback,
        }

    def _answers(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=2) as connection:
                connection.sendall(HELLO)
                return connection.recv(1) == METHOD_FRAME
        except OSError:
            return False


def making_vhosts(names: Sequence[str]) -> str:
    """What ``rabbitmqctl eval`` makes these virtual hosts with, open to ``guest``.

    Each start of rabbitmqctl costs a second of processor time; this needs at most one for all.
    """
    listed = ",".join(f'<<"{name}">>' for name in names)
    return (
        'lists:foreach(fun(V) -> ok = rabbit_vhost:add(V, <<"jishi">>), '
        'ok = rabbit_auth_backend_internal:set_permissions(<<"guest">>, V, '
        f'<<".*">>, <<".*">>, <<".*">>, <<"jishi">>) end, [{listed}]).'
    )


def find_rabbit() -> Path:
    """The folder with ``rabbitmq-server`` and ``rabbitmqctl``.

    Debian puts scripts of the same names into the path, which run them as another user and would
    touch the machine's own broker; the real ones are kept apart.

    Raises:
        ServerNotInstalled: there is none, or Erlang is missing.
    """
    kept_apart = [Path("/usr/lib/rabbitmq/bin"), Path("/opt/homebrew/opt/rabbitmq/sbin")]
    in_path = [Path(found).parent] if (found := shutil.which("rabbitmq-server")) else []
    for folder in kept_apart + in_path:
        if (folder / "rabbitmq-server").exists() and shutil.which("epmd"):
            return folder
    raise ServerNotInstalled("RabbitMQ is not installed on this machine.")


def rabbit_version(programs: Path) -> str:
    """As in 3.10.8, read from the folder it lives in; empty where that does not say."""
    for place in (programs.parent / "lib", programs.resolve().parent):
        for folder in sorted(place.glob("rabbitmq_server-*")):
            return folder.name.partition("-")[2]
    return found[0] if (found := re.search(r"\d+\.\d+\.\d+", str(programs.resolve()))) else ""
