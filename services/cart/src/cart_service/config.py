"""Cart's settings."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.settings import ServiceSettings


@dataclass(frozen=True, kw_only=True)
class CartSettings(ServiceSettings):
    """Nothing beyond what every service is told."""
