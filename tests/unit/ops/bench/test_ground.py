"""What is measured is an installation of its own."""

import os
from pathlib import Path

import pytest

from habeas.ops.bench.ground import keep_to


def test_no_invented_people_get_into_the_database_of_the_organisation(tmp_path: Path) -> None:
    """However it is named: in habeas.toml, by a variable, by a file."""
    address = "postgresql:///habeas"
    secret, settings = tmp_path / "secret", tmp_path / "habeas.toml"
    secret.write_text(address)
    settings.write_text(f'[office]\ndatabase = "{address}"\n')
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HABEAS_DATA", "HABEAS_DOOR_PORT", "HABEAS_LIMITS_TRUSTED_PROXIES"):
            patch.setenv(name, "")  # so that it is put back
        patch.setenv("HABEAS_CONFIG", str(settings))
        patch.setenv("HABEAS_OFFICE_DATABASE", address)
        patch.setenv("HABEAS_OFFICE_DATABASE_FILE", str(secret))

        config = keep_to(tmp_path / "ground")
        assert config.office.database == ""
        assert config.office_database.is_relative_to(tmp_path / "ground")
        assert "HABEAS_OFFICE_DATABASE_FILE" not in os.environ
