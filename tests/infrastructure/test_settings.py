"""Settings: read from the environment, and refused by name where they cannot be used."""

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
