"""`shop admin create`: a new town has no admin, and nobody's password is "admin"."""

from pathlib import Path

from click.testing import CliRunner

from account_service.domain.account import Part, Staff
from account_service.identifiers import read_email
from account_service.service import service
from account_service.store import accounts, invitations
from account_service.usecases.open_account import open_account
from shop_events import Database
from shop_events.contracts.account import AccountRegistered
from shop_suite.cli import main


def create(folder: Path, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["admin", "create", "--data", str(folder), *options])
    return done.exit_code, done.output


def test_a_town_that_never_ran_hands_out_one_token_at_a_time(tmp_path: Path) -> None:
    create(tmp_path)

    code, said = create(tmp_path)

    database = Database(f"sqlite:///{tmp_path}/account.db", service=service.name)
    with database.begin() as tx:
        assert len(invitations.take_all(tx.connection)) == 1
    database.close()
    assert code == 0
    assert len(said.splitlines()[-1]) == 43


def test_a_town_with_an_admin_hands_out_none(tmp_path: Path) -> None:
    create(tmp_path)
    database = Database(f"sqlite:///{tmp_path}/account.db", service=service.name)
    with database.begin(publishes=(AccountRegistered,)) as tx:
        ada = open_account(tx, read_email("ada@marked.example"), display_name="Ada", locale="zh-CN")
        accounts.employ(tx.connection, ada.id, Staff(part=Part.ADMIN))
    database.close()

    code, said = create(tmp_path)

    assert code == 1
    assert "The shop has an admin already." in said


def test_a_database_without_tables_is_not_touched(tmp_path: Path) -> None:
    code, said = create(tmp_path, "--database", f"sqlite:///{tmp_path}/empty.db")

    assert code == 1
    assert "First: python -m chassis migrate" in said
