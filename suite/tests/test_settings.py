"""What a service of the town in one process is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog_service.config import CatalogSettings
from chassis.settings import load
from shop_suite import settings
from shop_suite.keys import key_in


def told(folder: Path) -> CatalogSettings:
    environ = settings.embedded(folder, key_in(folder), "catalog")
    return load(CatalogSettings, service="catalog", environ=environ)


def test_what_the_environment_says_of_a_service_counts_in_the_town_of_one_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = told(tmp_path)

    monkeypatch.setenv("CATALOG_REVIEW_BEFORE_PUBLISH", "true")

    assert (before.review_before_publish, told(tmp_path).review_before_publish) == (False, True)


def test_where_its_data_lie_the_town_decides_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CATALOG_DATABASE_URL", "sqlite:///elsewhere.db")

    assert told(tmp_path).database_url.reveal() == f"sqlite:///{tmp_path}/catalog.db"
