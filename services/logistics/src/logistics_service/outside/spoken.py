"""How carriers write what they saw: the other side of `http/pushes.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta, timezone
from typing import Any, Final

from logistics_service.domain.trace import Trace
from logistics_service.outside.carrier import Profile
from logistics_service.outside.codes import Form

CHINA: Final = timezone(timedelta(hours=8))  # no summer time since 1991
LOCAL_TIME: Final = "%Y-%m-%d %H:%M:%S"


def spoken(profile: Profile, waybill: str, seen: Sequence[Trace]) -> dict[str, Any]:
    """The body that tells these sightings of a parcel; the forms with one row tell the last."""
    return _FORMS[profile.form](profile, waybill, seen)


def _plain(profile: Profile, waybill: str, seen: Sequence[Trace]) -> dict[str, Any]:
    last = seen[-1]
    said = {
        "event_id": last.event_id,
        "waybill": waybill,
        "state": profile.codes.code_of(last.state),
        "place": last.place,
        "at": last.at.isoformat(),
    }
    people = {"signer": last.signer, "proof": last.proof}
    return said | {name: text for name, text in people.items() if text}


def _list(profile: Profile, waybill: str, seen: Sequence[Trace]) -> dict[str, Any]:
    return {
        "pushId": seen[-1].event_id,
        "nu": waybill,
        "data": [
            {
                "time": one.at.astimezone(CHINA).strftime(LOCAL_TIME),
                "statusCode": profile.codes.code_of(one.state, one.note),
                "location": one.place,
                "signedBy": one.signer or "",
                "picture": one.proof or "",
            }
            for one in reversed(seen)
        ],
    }


def _short(profile: Profile, waybill: str, seen: Sequence[Trace]) -> dict[str, Any]:
    last = seen[-1]
    return {
        "id": last.event_id,
        "mailNo": waybill,
        "op": profile.codes.code_of(last.state, last.note),
        "opTime": int(last.at.timestamp()),
        "opCity": last.place,
        "receiver": last.signer,
        "pod": last.proof,
    }


_FORMS: Final[dict[Form, Callable[[Profile, str, Sequence[Trace]], dict[str, Any]]]] = {
    Form.PLAIN: _plain,
    Form.LIST: _list,
    Form.SHORT: _short,
}
