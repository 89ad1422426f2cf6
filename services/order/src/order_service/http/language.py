"""In which language an answer speaks."""

from __future__ import annotations

from flask import request

from order_service.domain.catalogue import AT_HOME


def wanted_language() -> str:
    """``zh-CN``, unless the client asks for ``en`` (RFC 9110 section 12.5.4)."""
    return request.accept_languages.best_match([AT_HOME, "en"], default=AT_HOME) or AT_HOME
