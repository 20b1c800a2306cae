"""Data that others published and evaluated, out of packages, as the packages have them."""

import importlib.util
import tarfile
from functools import cache
from pathlib import Path

import pandas as pd

UNEMPDUR = "resources/rdata/csv/Ecdat/UnempDur.csv"


def _folder(package: str) -> Path:
    found = importlib.util.find_spec(package)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


@cache
def unempdur() -> str:
    """The spells as a CSV. Importing the package would write to the user's home."""
    with tarfile.open(_folder("pydataset") / "resources.tar.gz") as archive:
        file = archive.extractfile(UNEMPDUR)
        assert file is not None
        return file.read().decode()


@cache
def nsw_mixtape() -> str:
    """The experiment as a CSV, made from Stata's form."""
    frame = pd.read_stata(_folder("causaldata") / "nsw_mixtape" / "nsw_mixtape.dta")
    return str(frame.to_csv(index=False))
