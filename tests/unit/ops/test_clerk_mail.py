"""The clerk's mail: what waits for a budget is told to staff, and a failure fills none of them again."""

import logging
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail

from habeas.config import Config, Mail
from habeas.delivery.budgets import Budgets
from habeas.delivery.patience import NotNow
from habeas.delivery.status import MailStatus, mail_status, mail_status_path
from habeas.ledger.store_sqlite import SQLiteStore
from habeas.ops.clerk import Mailing
from habeas.vault import keys
from mail_side import signs_for_real
from people import AMINATA, MARIA, OMAR


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> Config:
    """Three people of one domain are owed a mail, and two may have it in this hour."""
    made = Config(data=str(tmp_path), mail=Mail(transport="smtp", per_hour_domain=2))
    monkeypatch.setattr(settings, "CONFIG", made)
    monkeypatch.setattr("habeas.ops.clerk.close_old_connections", lambda: None)  # the test's is still needed
    store = SQLiteStore(made.store)
    signs_for_real(made, store, MARIA, OMAR, AMINATA)
    store.close()
    return made


def mailing(config: Config, budgets: Budgets | None = None) -> Mailing:
    """Return the clerk's other half, as after a start."""
    return Mailing(config, keys.link_key(config.keys), budgets or Budgets(config.mail))


def test_staff_read_how_many_wait_and_for_which_budget(config: Config) -> None:
    """In numbers; nobody's address or domain."""
    mailing(config).turn()

    assert len(mail.outbox) == 2
    assert mail_status(mail_status_path(config)) == MailStatus(1, domain=1)
    assert b"example" not in mail_status_path(config).read_bytes()


def test_the_status_is_written_when_it_changed_and_not_more_often(config: Config) -> None:
    """An idle clerk leaves the disk alone."""
    clerk, path = mailing(config), mail_status_path(config)
    clerk.turn()
    clerk._next_status = 0.0
    written = path.stat().st_ino
    clerk.turn()
    assert path.stat().st_ino == written

    signs_for_real(config, SQLiteStore(config.store), OMAR, campaign=b"another.")
    clerk.turn()
    assert path.stat().st_ino == written
    clerk._next_status = 0.0
    clerk.turn()
    assert mail_status(path) == MailStatus(2, domain=2)


def test_a_clerk_that_begins_anew_after_a_failure_has_spent_what_it_spent(config: Config) -> None:
    """Otherwise every failure would be worth another hour's mails."""
    budgets = Budgets(config.mail)
    mailing(config, budgets).turn()
    mailing(config, budgets).turn()

    assert len(mail.outbox) == 2


def test_staff_are_told_also_while_the_relay_is_away(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """That is when most people wait."""

    def away(_: object) -> int:
        raise NotNow("closing")

    monkeypatch.setattr("habeas.delivery.confirmation.Confirmations.send_due", away)
    with pytest.raises(NotNow):
        mailing(config).turn()

    assert mail_status(mail_status_path(config)) == MailStatus(3)


def test_mail_goes_on_when_its_status_cannot_be_written(
    config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    """Staff find a line in the log."""
    config.status.write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        mailing(config).turn()

    assert len(mail.outbox) == 2
    assert "the status of the mail could not be written" in caplog.text
