"""The bodies of profile, address book, merchants and back office."""

from __future__ import annotations

from marshmallow import fields, validate

from account_service.domain.account import Part
from account_service.domain.merchant import MerchantStatus
from account_service.http.fields import LOCALES, Email, OneLine, Password, Phone
from chassis.http.fields import Answer, Body, Id, Instant, Query, StrictBoolean
from chassis.http.paging import PageQuery

_DIVISION = validate.Regexp(r"[0-9]{6}\Z", error="A division's code has six digits.")
_POSTAL = validate.Regexp(r"[0-9]{6}\Z", error="A postal code has six digits.")
_COUNTRY = validate.OneOf(["CN"], error="Parcels go to China (CN) only, so far.")


class IdentifierAnswer(Answer):
    """A mail address or telephone number of one's own."""

    channel = fields.String(required=True)
    value = fields.String(required=True)
    verified = fields.Boolean(required=True)


class Me(Answer):
    """One's own account."""

    id = Id(required=True)
    display_name = fields.String(required=True)
    locale = fields.String(required=True)
    identifiers = fields.List(fields.Nested(IdentifierAnswer), required=True)
    roles = fields.List(fields.String(), required=True)
    merchant_id = Id(required=True, allow_none=True)
    created_at = Instant(required=True)


class EditProfile(Body):
    """Body of ``PATCH /account/me``."""

    display_name = OneLine(at_most=64, load_default=None)
    locale = fields.String(load_default=None, validate=validate.OneOf(LOCALES))


class EditAddress(Body):
    """Body of ``PATCH /account/addresses/{id}``: what is left out stays."""

    recipient = OneLine(at_most=64)
    phone = Phone()
    country = fields.String(validate=_COUNTRY)
    division_code = fields.String(validate=_DIVISION)
    line1 = OneLine(at_most=200)
    postal_code = fields.String(allow_none=True, validate=_POSTAL)
    is_default = StrictBoolean()


class AddAddress(EditAddress):
    """Body of ``POST /account/addresses``."""

    recipient = OneLine(at_most=64, required=True)
    phone = Phone(required=True)
    country = fields.String(load_default="CN", validate=_COUNTRY)
    division_code = fields.String(required=True, validate=_DIVISION)
    line1 = OneLine(at_most=200, required=True)
    postal_code = fields.String(load_default=None, allow_none=True, validate=_POSTAL)
    is_default = StrictBoolean(load_default=False)


class AddressAnswer(Answer):
    """A page of the address book, with the names its code stands for."""

    id = Id(required=True)
    recipient = fields.String(required=True)
    phone = fields.String(required=True)
    country = fields.String(required=True)
    division_code = fields.String(required=True)
    province = fields.String(required=True)
    city = fields.String(required=True)
    district = fields.String(required=True)
    line1 = fields.String(required=True)
    postal_code = fields.String(required=True, allow_none=True)
    is_default = fields.Boolean(required=True)


class AddressList(Answer):
    """The address book, the default first."""

    items = fields.List(fields.Nested(AddressAnswer), required=True)


class DivisionQuery(Query):
    """What may stand behind ``GET /divisions?``."""

    parent = fields.String(load_default=None, validate=_DIVISION)


class DivisionAnswer(Answer):
    """A province, city or district; ``leaf``: nothing is below, parcels go there."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    leaf = fields.Boolean(required=True)


class DivisionList(Answer):
    """What lies directly below a division."""

    items = fields.List(fields.Nested(DivisionAnswer), required=True)


class MerchantCard(Answer):
    """What anybody may know of a merchant."""

    id = Id(required=True)
    name = fields.String(required=True)


class MerchantAnswer(MerchantCard):
    """A merchant, for an admin; ``version`` in quotation marks is the tag to change it by."""

    status = fields.String(required=True)
    version = fields.Integer(required=True)


class MerchantPage(Answer):
    """A page of the merchants, by id."""

    items = fields.List(fields.Nested(MerchantAnswer), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class AdmitMerchant(Body):
    """Body of ``POST /admin/merchants``."""

    name = OneLine(at_most=100, required=True)
    owner_email = Email(required=True)


class ChangeMerchant(Body):
    """Body of ``PATCH /admin/merchants/{id}``."""

    name = OneLine(at_most=100, load_default=None)
    status = fields.Enum(MerchantStatus, by_value=True, load_default=None)


class AccountsQuery(PageQuery):
    """What may stand behind ``GET /admin/accounts?``: ``q`` is a whole address or number."""

    q = fields.String(load_default=None, validate=validate.Length(1, 320))


class MaskedIdentifier(Answer):
    """An identifier, so far as an admin may see it."""

    channel = fields.String(required=True)
    masked = fields.String(required=True)
    verified = fields.Boolean(required=True)


class AccountRow(Answer):
    """Somebody's account, for an admin."""

    id = Id(required=True)
    status = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)
    merchant_id = Id(required=True, allow_none=True)
    identifiers = fields.List(fields.Nested(MaskedIdentifier), required=True)
    created_at = Instant(required=True)


class AccountPage(Answer):
    """A page of accounts, the newest first."""

    items = fields.List(fields.Nested(AccountRow), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class MakeDevAccount(Body):
    """Body of ``POST /dev/accounts``."""

    email = Email(required=True)
    password = Password(required=True)
    display_name = OneLine(at_most=64, required=True)
    locale = fields.String(load_default=LOCALES[0], validate=validate.OneOf(LOCALES))
    role = fields.Enum(Part, by_value=True, load_default=Part.SHOPPER)
    merchant_id = Id(load_default=None)
    merchant_name = OneLine(at_most=100, load_default=None)


class DevAccount(Answer):
    """The account that was made, or was there."""

    id = Id(required=True)
    roles = fields.List(fields.String(), required=True)
    merchant_id = Id(required=True, allow_none=True)
