"""What can be set from outside: environment variables that begin with POLKU_."""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from secrets import token_bytes
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL

from infrastructure.database import database_url, sqlite_file
from infrastructure.master_keys import (
    MasterKeys,
    local_master_keys,
    master_keys_in,
    master_keys_of_file,
)

PREFIX = "POLKU_"


class BadSetting(ValueError):
    """A setting has a value that Polku cannot use. The message names the variable."""


class Settings(BaseSettings):
    """Every setting, with its default; the variable's name is the field's, after POLKU_."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    database_url: str = Field(
        default="sqlite:///polku.db", description="where the event log is kept"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning",
        description="which messages about Polku's own running are written to stderr",
    )
    log_format: Literal["console", "json"] = Field(
        default="console",
        description="how those messages are written: for a person or for a program",
    )
    listen_host: str = Field(
        default="127.0.0.1", description="the address that `polku serve` listens on"
    )
    listen_port: int = Field(
        default=8000, ge=0, le=65535, description="its port; 0 takes one that is free"
    )
    workers: int = Field(
        default=1, ge=1, le=64, description="how many processes answer; a core or two for each"
    )
    threads: int = Field(
        default=32, ge=1, le=500, description="how many requests a process works at at a time"
    )
    tls: bool = Field(
        default=False, description="whether browsers reach the service by TLS alone (HSTS)"
    )
    body_bytes: int = Field(default=1048576, ge=1024, description="the largest body of a request")
    requests_per_minute: int = Field(
        default=600, ge=1, description="how often a person may ask, in each process"
    )
    burst: int = Field(default=120, ge=1, description="how many requests may come at once of that")
    ready_lag_seconds: float = Field(
        default=60.0, gt=0, description="how late a projection may be while the service is ready"
    )
    stop_seconds: int = Field(
        default=20, ge=1, description="how long requests may take to end when the service stops"
    )
    oidc_issuer: str | None = Field(
        default=None,
        description="whose tokens are taken: the issuer's URL, as in the tokens; without it Polku "
        "is in development mode",
    )
    oidc_audience: str = Field(
        default="polku", description="the audience that a token must be for", min_length=1
    )
    oidc_algorithm: Literal["RS256", "PS256", "ES256", "EdDSA", "Ed25519"] = Field(
        default="RS256", description="the one algorithm that tokens are signed with"
    )
    oidc_jwks_url: str | None = Field(
        default=None,
        description="where the issuer's key set is; without it the discovery document says",
    )
    oidc_leeway_seconds: int = Field(
        default=30,
        ge=0,
        le=300,
        description="how far the issuer's clock and this one may be apart",
    )
    oidc_role_claim: str = Field(
        default="polku_role", description="the claim of the role", min_length=1
    )
    oidc_organisation_claim: str = Field(
        default="polku_organisation",
        description="the claim of the organisation's code",
        min_length=1,
    )
    oidc_client_claim: str = Field(
        default="polku_client", description="the claim of a client's own id", min_length=1
    )
    oidc_programmes_claim: str = Field(
        default="polku_programmes",
        description="the claim of the programmes that a manager answers for",
        min_length=1,
    )
    oidc_rights_claim: str = Field(
        default="polku_rights",
        description="the claim of the rights that definitions name",
        min_length=1,
    )
    development_key: Path | None = Field(
        default=None,
        description="the file of the key that `polku token` signs with in development mode",
    )
    ledger_origin: str = Field(
        default="polku",
        description="the log's name in what it signs; best a URL without https://, of your own",
        pattern=r"^[^\s+]+$",
    )
    ledger_key: SecretStr | None = Field(
        default=None,
        description="the private key that signs the log's checkpoints: a PEM file, or its text",
    )
    ledger_witness: str | None = Field(
        default=None, description="a file or an address that gets a copy of each checkpoint"
    )
    access_folder: Path | None = Field(
        default=None,
        description="the folder where readings are noted until they are in the log",
    )
    operator: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="who runs the commands, as the record of what they read has it",
    )
    operator_organisation: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="the code of the organisation for which commands are run",
    )
    archive: Path | None = Field(
        default=None,
        description="the folder of the archive that evaluation asks",
    )

    master_key: str | None = Field(
        default=None,
        repr=False,
        description="the master key of personal data: 32 random bytes in base64; of several, "
        "parted by commas, the first is the newest",
    )
    master_key_file: Path | None = Field(
        default=None,
        description="the file of the master keys, one a line, the newest first; without either "
        "one is made for development",
    )
    unusual_begins: int = Field(
        default=6, ge=0, le=23, description="the hour from which readings are usual"
    )
    unusual_ends: int = Field(
        default=20, ge=1, le=24, description="the hour from which they are no longer"
    )
    unusual_clients: int = Field(
        default=300, ge=1, description="how many clients one person may read of in a short time"
    )
    unusual_minutes: int = Field(
        default=60, ge=1, description="how long that short time is, in minutes"
    )
    unusual_time_zone: str = Field(
        default="UTC",
        description="the time zone for readings by an organisation that no programme names, of no "
        "journey",
    )

    @property
    def development_key_file(self) -> Path:
        """Where the development key is: as set, or beside the SQLite file."""
        return self.development_key or self._beside("token-key")

    @property
    def ledger_key_file(self) -> Path:
        """Where the key is that this machine signs checkpoints with, where none is set."""
        return self._beside("ledger-key")

    @property
    def readings_folder(self) -> Path:
        """Where readings of this database are noted until they are in the log."""
        if self.access_folder is None:
            return self._beside("readings")
        return self.access_folder / self._digest

    @property
    def jobs_folder(self) -> Path:
        """Where long work that is asked for over HTTP is kept: beside the readings."""
        if self.access_folder is None:
            return self._beside("jobs")
        return self.access_folder / f"{self._digest}.jobs"

    @property
    def archive_folder(self) -> Path:
        """Where the archive of this database is: as set, or beside the SQLite file."""
        return self.archive or self._beside("archive")

    def master_keys(self) -> MasterKeys:
        """Return the master keys: as set, or a development key beside the SQLite file.

        A log in memory has one of its own. Raises UnusableMasterKey.
        """
        if self.master_key is not None:
            return master_keys_in(self.master_key, variable("master_key"))
        if self.master_key_file is not None:
            return master_keys_of_file(self.master_key_file, variable("master_key_file"))
        url = database_url(self.database_url)
        if url.get_backend_name() == "sqlite" and sqlite_file(url) is None:
            return MasterKeys([token_bytes(32)])
        return local_master_keys(self._beside("master-key"))

    def _beside(self, kind: str) -> Path:
        """Name a place of this user's for this database: beside its file where it has one."""
        file = sqlite_file(database_url(self.database_url))
        if file is not None:
            return file.with_name(f"{file.name}.{kind}")
        state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
        return Path(state) / "polku" / f"{self._digest}.{kind}"

    @property
    def _digest(self) -> str:
        """A name for the database that does not tell who logs in to it."""
        url = database_url(self.database_url)
        file = sqlite_file(url)
        where = str(file.resolve()) if file else f"{url.host}:{url.port}/{url.database}"
        return sha256(where.encode()).hexdigest()[:16]

    @field_validator("oidc_issuer", "oidc_jwks_url")
    @classmethod
    def _check_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme == "https" and parts.hostname:
            return value
        if parts.scheme == "http" and _is_this_machine(parts.hostname or ""):
            return value
        raise ValueError("write an address with https:// (http:// is for this machine alone)")

    @field_validator("unusual_time_zone")
    @classmethod
    def _check_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError(
                f"there is no time zone {value!r}: write one such as Europe/Helsinki"
            ) from None
        return value

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, value: str) -> str:
        database_url(value)
        return value

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _in_small_letters(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value


def master_keys_for(url: URL) -> MasterKeys:
    """Return the master keys of the environment's settings for a database.

    Raises BadSetting or UnusableMasterKey.
    """
    shown = url.render_as_string(hide_password=False)
    return read_settings().model_copy(update={"database_url": shown}).master_keys()


def variables() -> dict[str, str]:
    """Return the name of every variable and what it says."""
    return {variable(name): str(f.description) for name, f in Settings.model_fields.items()}


def variable(name: str) -> str:
    """Return the variable of a setting."""
    return PREFIX + name.upper()


def read_settings() -> Settings:
    """Return the settings of the environment. Raises BadSetting.

    A command asks for them several times, and to read them takes milliseconds: they are read anew
    where a variable has changed. Names count in small letters, too.
    """
    own = (pair for pair in os.environ.items() if pair[0].upper().startswith(PREFIX))
    return _read(frozenset(own))


@lru_cache(maxsize=1)
def _read(_own: frozenset[tuple[str, str]]) -> Settings:
    _check_names(os.environ)
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = variable(str(first["loc"][0]))
        raise BadSetting(f"{name}: {_said(first['msg'])}") from error


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _said(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should be", "it should be")


def _check_names(environment: Mapping[str, str]) -> None:
    """Refuse a variable that looks like a misspelt setting: it would go unnoticed.

    Others that begin with POLKU_ are left alone: Kubernetes sets some for a service of that name.
    """
    known = list(variables())
    for name in environment:
        if name.startswith(PREFIX) and name not in known:
            meant = get_close_matches(name, known, 1, cutoff=0.85)
            if meant:
                raise BadSetting(f"{name} is not a setting of Polku: write {meant[0]}")
