"""What can go wrong with an account, in people's words.

AccountError                     409 unless stated
├── SignInRefused                401
├── RefreshRefused               401
├── AccountIsDisabled            403
├── MerchantIsSuspended          403
├── CodeRefused                  422
├── WrongPassword                422
├── WeakPassword                 422
├── TooManyTries                 429
├── TooBusy                      503
├── AccountNotFound              404
├── SessionNotFound              404
├── AddressNotFound              404
├── IdentifierNotFound           404    identifier_errors.py, with
├── NothingToReplace             422
├── TooManyIdentifiers
├── LastIdentifier
├── OthersTooNew
├── DivisionNotFound             404
├── MerchantNotFound             404
├── MerchantStale                412    merchant_errors.py
├── TooManyAddresses
├── DefaultAddressNeeded         422
├── UnknownDivision              422
├── NoSuchOwner                  422
├── AlreadyOnStaff
├── NotThatRole                  403
├── OwnAccount
├── AdminExists
├── InvitationRefused            401
└── AddressTaken
"""

from __future__ import annotations


class AccountError(Exception):
    """Something about an account cannot be done as asked."""

    code = "account_error"
    status = 409


class SignInRefused(AccountError):
    """Unknown, unverified or another password: nobody can tell which."""

    code = "sign_in_refused"
    status = 401

    def __init__(self) -> None:
        super().__init__(
            "That address and that password do not go together, or the address is not verified yet."
        )


class RefreshRefused(AccountError):
    """The refresh token was never one, was used before, or its session is over."""

    code = "refresh_refused"
    status = 401

    def __init__(self) -> None:
        super().__init__("This refresh token does not count, or no longer. Sign in again.")


class AccountIsDisabled(AccountError):
    """The shop closed the account; only somebody who knows its password is told."""

    code = "account_disabled"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            "This account was disabled. Write to the shop if you think it is a mistake."
        )


class MerchantIsSuspended(AccountError):
    """The shop suspended whom they work for; only somebody who knows its password is told."""

    code = "merchant_suspended"
    status = 403

    def __init__(self, merchant_id: str) -> None:
        super().__init__(
            f"The merchant {merchant_id} is suspended. You may still sign in as a shopper."
        )
        self.merchant_id = merchant_id


class CodeRefused(AccountError):
    """A code or link that was never sent, was used, is too old, or was tried too often."""

    code = "code_refused"
    status = 422

    def __init__(self, field: str) -> None:
        super().__init__("This code or link does not count, or no longer. Ask for a new one.")
        self.errors = {field: ["It does not count, or no longer."]}


class WrongPassword(AccountError):
    """Whoever changes a password, or how they are reached, tells the present one first."""

    code = "wrong_password"
    status = 422

    def __init__(self, field: str) -> None:
        why = f"The {field.replace('_', ' ')} is another one."
        super().__init__(why)
        self.errors = {field: [why]}


class WeakPassword(AccountError):
    """A password that would be guessed."""

    code = "weak_password"
    status = 422

    def __init__(self, why: str, *, field: str = "password") -> None:
        super().__init__(why)
        self.errors = {field: [why]}


class TooManyTries(AccountError):
    """Passwords or codes were tried faster than people do."""

    code = "too_many_tries"
    status = 429

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"That was tried too often. Try again in {retry_after_s} s.")
        self.retry_after_s = retry_after_s


class TooBusy(AccountError):
    """More passwords come in than can be checked at a time."""

    code = "busy"
    status = 503
    retry_after_s = 2

    def __init__(self) -> None:
        super().__init__("Too many people sign in at this moment. Try again shortly.")


class AccountNotFound(AccountError):
    """There is no such account."""

    code = "account_not_found"
    status = 404

    def __init__(self, account_id: str) -> None:
        super().__init__(f"There is no account {account_id}.")


class SessionNotFound(AccountError):
    """There is no such session, or it is somebody else's: nobody can tell the two apart."""

    code = "session_not_found"
    status = 404

    def __init__(self, session_id: str) -> None:
        super().__init__(f"There is no session {session_id}.")


class AddressNotFound(AccountError):
    """There is no such address, or it is in somebody else's book."""

    code = "address_not_found"
    status = 404

    def __init__(self, address_id: str) -> None:
        super().__init__(f"There is no address {address_id}.")


class DivisionNotFound(AccountError):
    """No province, city or district has this code (GB/T 2260)."""

    code = "division_not_found"
    status = 404

    def __init__(self, code: str) -> None:
        super().__init__(f"There is no division {code}.")


class MerchantNotFound(AccountError):
    """There is no such merchant."""

    code = "merchant_not_found"
    status = 404

    def __init__(self, merchant_id: str) -> None:
        super().__init__(f"There is no merchant {merchant_id}.")


class TooManyAddresses(AccountError):
    """An address book has fifty pages."""

    code = "too_many_addresses"

    def __init__(self, at_most: int) -> None:
        super().__init__(f"An address book holds {at_most} addresses; delete one first.")


class DefaultAddressNeeded(AccountError):
    """The default moves to another address; it is not taken away."""

    code = "default_address_needed"
    status = 422

    def __init__(self, address_id: str) -> None:
        why = f"The address {address_id} is the default until another one is made so."
        super().__init__(why)
        self.errors = {"is_default": [why]}


class UnknownDivision(AccountError):
    """A parcel goes to a district, not to a province, and not to a code that is none."""

    code = "unknown_division"
    status = 422

    def __init__(self, code: str) -> None:
        why = f"{code} is no district of the division table (GB/T 2260)."
        super().__init__(why)
        self.errors = {"division_code": [why]}


class NoSuchOwner(AccountError):
    """A merchant is run by somebody with a verified account."""

    code = "no_such_owner"
    status = 422

    def __init__(self) -> None:
        why = "Nobody has a verified account with this mail address."
        super().__init__(why)
        self.errors = {"owner_email": [why]}


class AlreadyOnStaff(AccountError):
    """An account works for one merchant, or runs the shop, and not both."""

    code = "already_on_staff"

    def __init__(self, account_id: str) -> None:
        super().__init__(f"The account {account_id} works for a merchant or the shop already.")


class NotThatRole(AccountError):
    """Somebody asked to sign in as what they are not."""

    code = "not_that_role"
    status = 403

    def __init__(self, role: str) -> None:
        super().__init__(f"This account does not have the role {role}.")


class OwnAccount(AccountError):
    """An admin cannot lock the door from the outside."""

    code = "own_account"

    def __init__(self, account_id: str) -> None:
        super().__init__(f"{account_id} is your own account; somebody else must disable it.")


class AdminExists(AccountError):
    """The first admin is made once."""

    code = "admin_exists"

    def __init__(self) -> None:
        super().__init__("The shop has an admin already.")


class InvitationRefused(AccountError):
    """The one-time token for the first admin is not valid, or there is an admin already."""

    code = "invitation_refused"
    status = 401

    def __init__(self) -> None:
        super().__init__("This token does not count, or no longer.")


class AddressTaken(AccountError):
    """The mail address belongs to another account; said only to who may know it."""

    code = "address_taken"

    def __init__(self) -> None:
        super().__init__("This mail address belongs to an account already.")
