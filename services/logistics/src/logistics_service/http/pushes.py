"""What carriers write when they saw a parcel, each in its own form, read into our words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from marshmallow import ValidationError, fields, validate

from chassis.http.fields import Body, Instant, StrictInteger
from logistics_service.domain.trace import Trace
from logistics_service.http.schemas import waybill_of_somebody
from logistics_service.outside.carrier import Profile
from logistics_service.outside.codes import Form, Meaning
from logistics_service.outside.spoken import CHINA, LOCAL_TIME

MOST_ROWS: Final = 100
_LAST_SECOND: Final = 253_402_300_799  # of the year 9999

_event_id = validate.Length(1, 128)
_place = validate.Length(max=200)
_people = validate.Length(max=200)


class PlainPush(Body):
    """One sighting in our own words."""

    event_id = fields.String(required=True, validate=_event_id)
    waybill = fields.String(required=True, validate=waybill_of_somebody)
    state = fields.String(required=True)
    place = fields.String(required=True, validate=_place)
    at = Instant(required=True)
    signer = fields.String(load_default=None, validate=_people)
    proof = fields.String(load_default=None, validate=_people)


class ListRow(Body):
    """One sighting of a list; the time is China's and says so nowhere."""

    time = fields.NaiveDateTime(format=LOCAL_TIME, required=True)
    statusCode = fields.String(required=True)  # noqa: N815 - the carrier's word
    location = fields.String(required=True, validate=_place)
    signedBy = fields.String(load_default="", validate=_people)  # noqa: N815
    picture = fields.String(load_default="", validate=_people)


class ListPush(Body):
    """All sightings so far, the newest first; each push repeats those before."""

    pushId = fields.String(required=True, validate=_event_id)  # noqa: N815
    nu = fields.String(required=True, validate=waybill_of_somebody)
    data = fields.List(
        fields.Nested(ListRow), required=True, validate=validate.Length(1, MOST_ROWS)
    )


class ShortPush(Body):
    """One sighting, seconds since 1970."""

    id = fields.String(required=True, validate=_event_id)
    mailNo = fields.String(required=True, validate=waybill_of_somebody)  # noqa: N815
    op = fields.String(required=True)
    opTime = StrictInteger(required=True, validate=validate.Range(0, _LAST_SECOND))  # noqa: N815
    opCity = fields.String(required=True, validate=_place)  # noqa: N815
    receiver = fields.String(load_default=None, allow_none=True, validate=_people)
    pod = fields.String(load_default=None, allow_none=True, validate=_people)


def read_push(carrier: str, profile: Profile, said: Any) -> tuple[str, list[Trace]]:
    """The waybill, and what was seen of its parcel, the earliest first.

    Raises:
        ValidationError: it is not in this carrier's form, or has a code that we do not know.
    """
    schema, read = _FORMS[profile.form]
    told: dict[str, Any] = schema().load(said)
    waybill, traces = read(carrier, profile, told)
    return waybill, sorted(traces, key=lambda one: one.at)


def _plain(carrier: str, profile: Profile, told: dict[str, Any]) -> tuple[str, list[Trace]]:
    meaning = _meaning(profile, told["state"], "state")
    trace = Trace(
        carrier=carrier,
        event_id=told["event_id"],
        state=meaning.state,
        place=told["place"],
        at=told["at"],
        signer=told["signer"],
        proof=told["proof"],
    )
    return told["waybill"], [trace]


def _list(carrier: str, profile: Profile, told: dict[str, Any]) -> tuple[str, list[Trace]]:
    waybill = told["nu"]
    return waybill, [_row(carrier, profile, waybill, row) for row in told["data"]]


def _row(carrier: str, profile: Profile, waybill: str, row: Mapping[str, Any]) -> Trace:
    """A row has no id of its own: what it says is told again and again, and is one trace."""
    code, at = row["statusCode"], _in_utc(row["time"])
    meaning = _meaning(profile, code, "statusCode")
    return Trace(
        carrier=carrier,
        event_id=f"{waybill}:{at:%Y%m%d%H%M%S}:{code}",
        state=meaning.state,
        place=row["location"],
        at=at,
        code=code,
        note=meaning.note,
        signer=row["signedBy"] or None,
        proof=row["picture"] or None,
    )


def _short(carrier: str, profile: Profile, told: dict[str, Any]) -> tuple[str, list[Trace]]:
    meaning = _meaning(profile, told["op"], "op")
    trace = Trace(
        carrier=carrier,
        event_id=told["id"],
        state=meaning.state,
        place=told["opCity"],
        at=datetime.fromtimestamp(told["opTime"], UTC),
        code=told["op"],
        note=meaning.note,
        signer=told["receiver"],
        proof=told["pod"],
    )
    return told["mailNo"], [trace]


def _meaning(profile: Profile, code: str, field: str) -> Meaning:
    meaning = profile.codes.meanings.get(code)
    if meaning is None:
        raise ValidationError({field: [f"We do not know the code {code[:32]}."]})
    return meaning


def _in_utc(local: datetime) -> datetime:
    try:
        return local.replace(tzinfo=CHINA).astimezone(UTC)
    except OverflowError as error:  # within a day of the year 1
        raise ValidationError({"time": ["Nobody saw anything then."]}) from error


_Reader = Callable[[str, Profile, dict[str, Any]], tuple[str, list[Trace]]]
_FORMS: Final[dict[Form, tuple[type[Body], _Reader]]] = {
    Form.PLAIN: (PlainPush, _plain),
    Form.LIST: (ListPush, _list),
    Form.SHORT: (ShortPush, _short),
}
