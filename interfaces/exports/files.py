"""Files that are there whole or not at all."""

import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path


class NotWritten(Exception):
    """A file could not be written; the message says why."""


def check_free(out: Path) -> None:
    """Raise NotWritten where a file is there already, before anything is worked out for it."""
    if out.exists():
        raise NotWritten(f"{out} is there already: name another file, or remove it first")
    if not out.parent.is_dir():
        raise NotWritten(f"{out} cannot be written: there is no folder {out.parent}")


def write_whole(out: Path, write: Callable[[Path], None]) -> int:
    """Have a file written beside its place, then put it there at once; return its bytes.

    A process that is killed leaves what it wrote under another name, which begins with a dot. The
    file is readable by its owner alone. Raises NotWritten, and whatever `write` raises.
    """
    check_free(out)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent)
        os.close(handle)
        part = Path(name)
        try:
            write(part)
            with part.open("rb") as written:
                os.fsync(written.fileno())
            part.rename(out)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return out.stat().st_size
    except OSError as error:
        raise NotWritten(f"{out} cannot be written: {error.strerror or error}") from error


def write_texts(texts: Iterable[str]) -> Callable[[Path], None]:
    """Return what writes texts one after the other into a file."""

    def write(part: Path) -> None:
        with part.open("w", encoding="utf-8", newline="") as file:
            file.writelines(texts)

    return write


def write_bytes(data: bytes) -> Callable[[Path], None]:
    """Return what writes bytes into a file."""

    def write(part: Path) -> None:
        part.write_bytes(data)

    return write
