"""`polku keys`: going over to a new master key."""

import base64
from pathlib import Path
from typing import Any

import pytest

from infrastructure.event_log import open_log
from infrastructure.master_keys import UnusableMasterKey, master_keys_in
from tests.conftest import MASTER_KEY

NEW = base64.b64encode(b"another master key for the tests").decode()


def test_all_keys_go_over_to_the_newest_master_key(
    told: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = told("journeys", "show", "j-1", "--json").json
    file = tmp_path / "master"
    file.write_text(f"{NEW}\n{MASTER_KEY}\n", encoding="utf-8")
    file.chmod(0o600)
    monkeypatch.delenv("POLKU_MASTER_KEY")
    monkeypatch.setenv("POLKU_MASTER_KEY_FILE", str(file))

    done = told("keys", "rotate", "--json")
    assert done.code == 0
    assert done.json["master"] == master_keys_in(NEW, "").newest
    assert done.json["wrapped"] > 3
    assert told("keys", "rotate", "--json").json["wrapped"] == 0
    said = told("keys", "rotate").out
    assert "0 keys wrapped anew: all are under the master key" in said
    assert "what still serves with the old one first wraps by it" in said

    file.write_text(NEW, encoding="utf-8")
    assert told("journeys", "show", "j-1", "--json").json == before
    file.write_text(MASTER_KEY, encoding="utf-8")
    refused = told("journeys", "show", "j-1")
    assert refused.code != 0
    assert "which is not at hand: add it to those of POLKU_MASTER_KEY" in refused.err


def test_a_master_key_that_others_can_read_is_refused(
    told: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "master"
    file.write_text(MASTER_KEY, encoding="utf-8")
    file.chmod(0o644)
    monkeypatch.delenv("POLKU_MASTER_KEY")
    monkeypatch.setenv("POLKU_MASTER_KEY_FILE", str(file))
    refused = told("journeys", "list")
    assert refused.code != 0
    assert f"others can read the master key {file}: chmod 600" in refused.err


@pytest.mark.parametrize("text", ["", "no base64!", base64.b64encode(b"short").decode()])
def test_what_is_no_master_key_is_told_without_telling_it(text: str) -> None:
    with pytest.raises(UnusableMasterKey, match="holds no master key") as told:
        master_keys_in(text, "POLKU_MASTER_KEY")
    assert not text or text not in str(told.value)


def test_without_a_master_key_one_is_made_beside_the_file_and_said(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POLKU_MASTER_KEY", raising=False)
    made = Path(sqlite_url.removeprefix("sqlite:///")).with_name("polku.db.master-key")
    with open_log(sqlite_url) as log:
        assert not made.exists()  # before it is needed
        first = log.keys.masters.newest
    assert made.stat().st_mode & 0o777 == 0o600
    with open_log(sqlite_url) as log:
        assert log.keys.masters.newest == first
