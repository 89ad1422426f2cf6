"""``python -m gateway``: the gateway under gunicorn, from GATEWAY_* and SHOP_* variables."""

from __future__ import annotations

import logging
import os
import sys

from chassis import logs
from chassis.settings import SettingsWrong, load
from chassis.web import WebProcess
from gateway.app import Gateway, build
from gateway.over_http import OverHttp
from gateway.settings import GatewaySettings


def main() -> None:
    """Answer until told to stop."""
    try:
        settings = load(GatewaySettings, service="gateway", environ=os.environ)
    except SettingsWrong as error:
        sys.exit(str(error))
    logs.setup("gateway", level=settings.log_level)
    logging.getLogger("urllib3").setLevel("WARNING")  # it writes down whole addresses
    sys.argv = sys.argv[:1]  # gunicorn would read ours
    WebProcess(settings, lambda: over_http(settings)).run()


def over_http(settings: GatewaySettings) -> Gateway:
    """The gateway before services that are other processes."""
    upstreams = {
        name: OverHttp(address, connections=settings.web_threads)
        for name, address in settings.upstreams.addresses.items()
    }
    return build(settings, upstreams)


if __name__ == "__main__":
    main()
