"""Catalog's settings."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.settings import ServiceSettings


@dataclass(frozen=True, kw_only=True)
class CatalogSettings(ServiceSettings):
    """Whether admins look at products before buyers do (FEATURES.md, row 109)."""

    review_before_publish: bool = False
