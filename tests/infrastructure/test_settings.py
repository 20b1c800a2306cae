"""Settings: read from the environment, and refused by name where they cannot be used."""

from pathlib import Path

import pytest

from infrastructure.settings import BadSetting, Settings, read_settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch):
    for name in ("DATABASE_URL", "LOG_LEVEL", "LOG_FORMAT"):
        monkeypatch.delenv(f"POLKU_{name}", raising=False)


def test_without_any_variable_the_defaults_hold():
    assert read_settings() == Settings(
        database_url="sqlite:///polku.db", log_level="warning", log_format="console"
    )


def test_variables_are_read_in_any_letters_for_words(monkeypatch):
    monkeypatch.setenv("POLKU_DATABASE_URL", "postgresql://polku@db/polku")
    monkeypatch.setenv("POLKU_LOG_LEVEL", "DEBUG")
    read = read_settings()
    assert (read.database_url, read.log_level) == ("postgresql://polku@db/polku", "debug")


@pytest.mark.parametrize("name", ["POLKU_LISTEN_PORT", "polku_listen_port"])
def test_they_are_read_anew_only_where_a_variable_has_changed(monkeypatch, name):
    first = read_settings()
    monkeypatch.setenv("OTHER_VARIABLE", "1")
    assert read_settings() is first
    monkeypatch.setenv(name, "8123")
    assert read_settings().listen_port == 8123
    monkeypatch.setenv(name, "many")
    for _ in range(2):
        with pytest.raises(BadSetting, match="POLKU_LISTEN_PORT"):
            read_settings()
    monkeypatch.delenv(name)
    assert read_settings() == first


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("POLKU_DATABASE_URL", "", "POLKU_DATABASE_URL: "),
        ("POLKU_DATABASE_URL", "oracle://x", "cannot keep its log in 'oracle'"),
        ("POLKU_LOG_LEVEL", "", "POLKU_LOG_LEVEL: it should be 'debug'"),
        ("POLKU_LOG_FORMAT", "text", "POLKU_LOG_FORMAT: it should be 'console' or 'json'"),
        ("POLKU_LOG_LEVLE", "debug", "POLKU_LOG_LEVLE is not a setting of Polku: write"),
    ],
)
def test_what_cannot_be_used_is_named(monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as refused:
        read_settings()
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["POLKU_TEST_POSTGRES_URL", "POLKU_SERVICE_HOST", "POLKU_PORT"])
def test_other_variables_of_that_beginning_are_left_alone(monkeypatch, name):
    monkeypatch.setenv(name, "tcp://10.0.0.1")
    assert read_settings().log_level == "warning"


@pytest.mark.parametrize("name", ["POLKU_OIDC_ISSUER", "POLKU_OIDC_JWKS_URL"])
@pytest.mark.parametrize(
    "value", ["", "http://id.example.org", "id.example.org", "file:///etc/keys", "https://"]
)
def test_keys_come_over_a_safe_way_only(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match=f"{name}: write an address with https://"):
        read_settings()


@pytest.mark.parametrize(
    "value",
    [
        "https://id.example.org/realms/a",
        "http://localhost:8080",
        "http://127.0.0.1",
        "http://[::1]",
    ],
)
def test_on_this_machine_any_way_is_safe(monkeypatch, value):
    monkeypatch.setenv("POLKU_OIDC_ISSUER", value)
    assert read_settings().oidc_issuer == value


@pytest.mark.parametrize("value", ["none", "HS256", "rs256", ""])
def test_only_algorithms_with_two_keys_can_be_set(monkeypatch, value):
    monkeypatch.setenv("POLKU_OIDC_ALGORITHM", value)
    with pytest.raises(BadSetting, match="POLKU_OIDC_ALGORITHM: it should be 'RS256'"):
        read_settings()


def test_what_belongs_to_a_sqlite_file_lies_beside_it():
    settings = Settings(database_url="sqlite:////srv/polku/a.db")
    assert settings.development_key_file == Path("/srv/polku/a.db.token-key")
    assert settings.readings_folder == Path("/srv/polku/a.db.readings")


def test_what_belongs_to_a_server_lies_in_the_state_folder(monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    settings = Settings(database_url="postgresql://ville:secret@db.example/polku")
    assert settings.readings_folder.parent == Path("/state/polku")
    assert "secret" not in str(settings.readings_folder)
    same = Settings(database_url="postgresql+psycopg://anna@db.example/polku")
    other = Settings(database_url="postgresql://ville@db.example/other")
    assert same.readings_folder == settings.readings_folder != other.readings_folder
    monkeypatch.delenv("XDG_STATE_HOME")
    assert settings.development_key_file.parent == Path.home() / ".local/state/polku"


def test_two_databases_share_no_folder_of_readings(tmp_path):
    urls = [f"sqlite:///{tmp_path}/{name}.db" for name in "ab"]
    folders = {Settings(database_url=url, access_folder=tmp_path).readings_folder for url in urls}
    assert len(folders) == 2
    assert {folder.parent for folder in folders} == {tmp_path}
