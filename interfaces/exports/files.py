"""Files, and folders of files, that are there whole or not at all."""

import errno
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from zipfile import ZIP_DEFLATED, ZipFile

NOT_BESIDE = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY})
"""Why nothing can be put in a file's place, though the file itself may be written to."""


PART, HELD = ".part", ".held"
"""How the names end of what is not in its place yet, and of what is locked as long as it is not."""


class NotWritten(Exception):
    """A file could not be written; the message says why."""


class FolderTaken(NotWritten):
    """There is something already where a folder is to be written."""


def check_free(out: Path) -> None:
    """Raise NotWritten where a file is there already, before anything is worked out for it."""
    if _is_taken(out):
        raise NotWritten(f"{out} is there already: name another file, or remove it first")
    if not out.parent.is_dir():
        raise NotWritten(f"{out} cannot be written: there is no folder {out.parent}")


def check_free_folder(place: Path) -> None:
    """Raise FolderTaken where something is there already."""
    if _is_taken(place):
        raise FolderTaken(f"{place} is there already: name another folder, or remove it first")


def _is_taken(out: Path) -> bool:
    return out.exists() or out.is_symlink()  # a link may point to nothing


def write_whole(out: Path, write: Callable[[Path], None]) -> int:
    """Have a file written beside its place, then put it there at once; return its bytes.

    A process that is killed leaves what it wrote under another name, which begins with a dot, until
    the same file is asked for again. The file is readable by its owner alone. Raises NotWritten,
    and whatever `write` raises.
    """
    check_free(out)
    try:
        with _beside(out) as part, _new(part):
            _remove_what_is_left_beside(out)
            write(part)
            _settle(part)
            _put_where_free(part, out)
        return out.stat().st_size
    except OSError as error:
        raise NotWritten(f"{out} cannot be written: {error.strerror or error}") from error


def write_whole_folder(place: Path, write: Callable[[Path], object]) -> None:
    """Have a folder filled beside its place, then put it there at once; parents are made.

    As with a file, what a process leaves that is killed goes when the same folder is asked for
    again. All may read the folder in the end. Raises NotWritten, FolderTaken, and whatever `write`
    raises.
    """
    check_free_folder(place)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _beside(place) as part, _new_folder(part):
            _remove_what_is_left_beside(place)
            write(part)
            for file in part.rglob("*"):
                if file.is_file():
                    _settle(file)
            part.chmod(0o755)
            check_free_folder(place)
            part.rename(place)
    except OSError as error:
        raise NotWritten(f"{place} cannot be written: {error.strerror or error}") from error


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """Give a name beside a place, held so that nobody takes what has it for what was left there.

    It is held by the lock of another file beside it: on disks of a network, what is locked can be
    written to by nobody (SMB), or by SQLite (NFS).
    """
    while True:
        handle, name = tempfile.mkstemp(prefix=f".{out.name}.", suffix=HELD, dir=out.parent)
        held = Path(name)
        try:
            with suppress(OSError):  # a disk without locks: nobody removes what is on it either
                fcntl.flock(handle, fcntl.LOCK_EX)
            if held.exists():  # else it was removed before it was locked
                yield held.with_suffix(PART)
                return
        finally:
            held.unlink(missing_ok=True)
            os.close(handle)


@contextmanager
def _new(part: Path) -> Iterator[None]:
    part.touch(mode=0o600, exist_ok=False)
    try:
        yield
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _new_folder(part: Path) -> Iterator[None]:
    part.mkdir(mode=0o700)
    try:
        yield
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _remove_what_is_left_beside(out: Path) -> None:
    """Remove what processes that were killed have left of a file: it may tell of a person."""
    left = re.compile(rf"\.{re.escape(out.name)}\.[a-z0-9_]{{8}}({HELD}|{PART})")
    with suppress(OSError):  # a folder that nobody may look into
        for path in [*out.parent.iterdir()]:
            if left.fullmatch(path.name):
                _remove_if_nobody_writes(path.with_suffix(PART), path.with_suffix(HELD))


def _remove_if_nobody_writes(part: Path, held: Path) -> None:
    with suppress(OSError):
        try:
            handle = os.open(held, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError:  # an older program's, or it is in its place by now
            _remove(part)
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove(part)
            held.unlink(missing_ok=True)
        finally:
            os.close(handle)


def _remove(part: Path) -> None:
    if part.is_dir() and not part.is_symlink():
        shutil.rmtree(part)
    else:
        part.unlink(missing_ok=True)


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


def zip_folder(place: Path, out: Path, on_progress: Callable[[int, int], None]) -> None:
    """Put the files of a folder into a zip file; progress counts them, and may break it off."""
    files = sorted(path for path in place.rglob("*") if path.is_file())
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for done, file in enumerate(files):
            on_progress(done, len(files))
            packed.write(file, file.relative_to(place))
    on_progress(len(files), len(files))
