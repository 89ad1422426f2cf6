"""Reads what a stranger wrote: headers that cannot be read cost the headers, not the connection.

py-amqp raises in the middle of a delivery whose header table is malformed. The broker then delivers
it again, after 20 reconnects it gives it up, and with it all that waited beside it (measured: two
neighbours of two). Read without its headers it is a message like any other: it names no event, so
the consumer buries it with that cause.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Callable
from typing import Any, Final

from amqp.exceptions import FrameSyntaxError
from amqp.method_framing import frame_handler

log = logging.getLogger(__name__)

Frame = tuple[int, int, Any]

# AMQP 0-9-1, 2.3.5.2: class, weight and body size take twelve bytes, then come the property flags.
HEADER_FRAME: Final = 2
SIZES: Final = 12
NO_PROPERTIES: Final = b"\0\0"


def tolerant_frames(connection: Any, callback: Callable[..., None]) -> Callable[[Frame], bool]:
    """py-amqp's reader of frames, reading a message without its headers where it must."""
    read = frame_handler(connection, callback)

    def read_anyway(frame: Frame) -> bool:
        try:
            return bool(read(frame))
        except (FrameSyntaxError, ValueError, OverflowError, struct.error, LookupError):
            kind, channel, content = frame
            if kind != HEADER_FRAME:
                raise
            log.warning("A message came with headers that cannot be read; it is read without them.")
            return bool(read((kind, channel, bytes(content[:SIZES]) + NO_PROPERTIES)))

    return read_anyway
