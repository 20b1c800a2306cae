"""Files that are there whole or not at all."""

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from secrets import token_hex

NOT_BESIDE = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY})
"""Why nothing can be put in a file's place, though the file itself may be written to."""


class NotWritten(Exception):
    """A file could not be written; the message says why."""


def check_free(out: Path) -> None:
    """Raise NotWritten where a file is there already, before anything is worked out for it."""
    if out.exists() or out.is_symlink():  # a link may point to nothing
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
            _settle(part)
            _put_where_free(part, out)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return out.stat().st_size
    except OSError as error:
        raise NotWritten(f"{out} cannot be written: {error.strerror or error}") from error


def _settle(part: Path) -> None:
    """Have a file on the disk: one may tell only now that it is full. Raises OSError."""
    with part.open("rb") as written:
        os.fsync(written.fileno())


def _put_where_free(part: Path, out: Path) -> None:
    """Move a file to its place, unless another process has put one there meanwhile."""
    try:
        os.link(part, out)
    except FileExistsError:
        check_free(out)
        raise
    except OSError:  # a disk without links
        part.rename(out)
    else:
        part.unlink()


def replace_whole(out: Path, data: bytes) -> None:
    """Put a file in the place of another one, if there is any, at once; the last who does so stays.

    What is no plain file, as a pipe, and what is in a folder that takes no other, is written to as
    it is. A process that is killed leaves what it wrote under a name that begins with a dot.
    Raises OSError.
    """
    if out.exists() and not out.is_file():  # before it is resolved: /dev/stdout may have no place
        out.write_bytes(data)
        return
    out = out.resolve()
    try:
        _put_in_place(out, data)
    except OSError as error:
        if error.errno not in NOT_BESIDE:
            raise
        out.write_bytes(data)


def _put_in_place(out: Path, data: bytes) -> None:
    part = out.with_name(f".{out.name}.{token_hex(8)}.part")
    try:
        if out.exists():
            part.touch(mode=0o600)  # who may not read the one may not read the other meanwhile
        part.write_bytes(data)
        _settle(part)
        if out.exists():
            shutil.copymode(out, part)
        part.replace(out)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


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
