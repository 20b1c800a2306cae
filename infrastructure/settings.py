"""What can be set from outside: environment variables that begin with POLKU_."""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from infrastructure.database import database_url

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

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, value: str) -> str:
        database_url(value)
        return value

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _in_small_letters(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value


def variables() -> dict[str, str]:
    """Return the name of every variable and what it says."""
    return {variable(name): str(f.description) for name, f in Settings.model_fields.items()}


def variable(name: str) -> str:
    """Return the variable of a setting."""
    return PREFIX + name.upper()


def read_settings() -> Settings:
    """Return the settings of the environment. Raises BadSetting."""
    _check_names(os.environ)
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = variable(str(first["loc"][0]))
        raise BadSetting(f"{name}: {_said(first['msg'])}") from error


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
