"""A subscriber whose copy is new is told what it would have heard."""

from __future__ import annotations

from account_service.service import service
from account_service.testing import BOB, DEV_ACCOUNTS, People, a_dev_account
from shop_events.contracts.account import AccountContactChanged, MerchantChanged


def told(people: People, name: str, *, at_most: int) -> list[object]:
    """All pages of a state."""
    state = next(one for one in service.states if one.contract.name == name)
    found: list[object] = []
    after = ""
    with people.bench.database.read() as connection:
        while page := state.page(connection, after, at_most):
            found += page
            after = str(getattr(page[-1], state.contract.key))
    return found


def test_contacts_and_merchants_are_told_as_they_were_last_said(people: People) -> None:
    people.registers(email="not-yet@marked.example")  # proved nothing: nobody was told
    people.post(DEV_ACCOUNTS, a_dev_account())
    merchant = {"role": "merchant", "merchant_id": "m-mei", "merchant_name": "Mei"}
    people.post(DEV_ACCOUNTS, a_dev_account(BOB, **merchant))

    contacts = people.bench.said(AccountContactChanged)
    merchants = people.bench.said(MerchantChanged)

    assert len(contacts) == 2
    assert told(people, "account.contact_changed", at_most=1) == sorted(
        contacts, key=lambda one: one.account_id
    )
    assert len(merchants) == 1
    assert told(people, "merchant.changed", at_most=50) == merchants
