"""The environment of its own for eventsourcing_sqlalchemy, which pins SQLAlchemy below 2.1."""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ROOT / ".venv-rival"
LOCK = Path(__file__).with_name("rival-requirements.lock")


class NoRival(Exception):
    """The environment cannot be made here."""


def rival_python() -> Path:
    """Return the environment's Python; make the environment if it is not there. Raises NoRival."""
    python = ENVIRONMENT / "bin" / "python"
    ready = ENVIRONMENT / ".ready"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if ready.exists() and ready.read_text() == wanted:
        return python
    print("making .venv-rival (once) ...", file=sys.stderr, flush=True)
    _do([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)])
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _do([*pip, "--no-deps", "--require-hashes", "-r", str(LOCK)])
    ready.write_text(wanted)
    return python


def _do(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        raise NoRival(f"{' '.join(command[:4])} ... failed: {said[-1]}")
