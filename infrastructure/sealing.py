"""Sealing personal texts as they are stored, and opening them as they are read.

The stored form of a text is {"text": null, "sealed": base64}: a byte for the version of the form,
the key's id, the nonce, and what AES-256-GCM makes of the text. It opens only in its own field of
its own entry: stream, version and field are its associated data. The nonce is made of the text and
of all that, with a secret of the key's (as in AES-GCM-SIV): it repeats only where all is the same.
"""

import base64
import binascii
from collections.abc import Callable, Collection, Iterable
from hashlib import blake2b
from typing import Any, TypeAlias

import msgspec
from cryptography.exceptions import InvalidTag

from domain.entry import Personal
from infrastructure.kept_keys import Key, KeyUse
from infrastructure.key_rows import KeyRow
from infrastructure.keys import ID_BYTES, Keys

FORM = b"\x01"
NONCE_BYTES = 12
SECRET_FROM = 1 + ID_BYTES + NONCE_BYTES

FieldSealer: TypeAlias = Callable[[str, str], str]
"""Makes of a field's path and its text the sealed form."""

FieldOpener: TypeAlias = Callable[[str, str], str | None]
"""Makes of a field's path and its sealed form the text; None where the key is destroyed."""


class DoesNotOpen(ValueError):
    """A sealed text is not what was stored in its place."""


def bound_to(stream: str, version: int) -> str:
    """Return what the fields of an entry are bound to, before the field's own path."""
    return f"polku-sealed.v1\0{stream}\0{version}\0"


def sealed(key: Key, text: str, bound: str) -> str:
    """Return the sealed form of a text, bound to its place."""
    plain, data = text.encode(), bound.encode()
    nonce = blake2b(data + b"\0" + plain, digest_size=NONCE_BYTES, key=key.nonces).digest()
    made = FORM + key.id + nonce + key.cipher.encrypt(nonce, plain, data)
    return base64.b64encode(made).decode()


def opened(form: str, bound: str, key_of: Callable[[bytes], Key | None]) -> str | None:
    """Return the text of a sealed form; None where its key is destroyed. Raises DoesNotOpen."""
    try:
        made = base64.b64decode(form, validate=True)
    except binascii.Error as error:
        raise DoesNotOpen(f"{_field(bound)} is no sealed text") from error
    if made[:1] != FORM or len(made) < SECRET_FROM:
        raise DoesNotOpen(f"{_field(bound)} is not sealed in a way that this program knows")
    key = key_of(made[1 : 1 + ID_BYTES])
    if key is None:
        return None
    nonce = made[1 + ID_BYTES : SECRET_FROM]
    try:
        return key.cipher.decrypt(nonce, made[SECRET_FROM:], bound.encode()).decode()
    except InvalidTag as error:
        raise DoesNotOpen(
            f"{_field(bound)} was altered, or moved here from another place"
        ) from error


def _field(bound: str) -> str:
    return f"the sealed text of {bound.rpartition(chr(0))[2]}"


class Sealing:
    """Seals what one command appends; `made` are new keys, to be stored with it.

    `as_of` is the newest destruction of keys that was known when it was sealed.
    """

    def __init__(self, keys: Keys, owner: str, stream: str, micros: int, *, is_new: bool) -> None:
        self._keys, self._owner, self._stream, self._micros = keys, owner, stream, micros
        self._is_new = is_new
        self.as_of = keys.as_of
        self.made: dict[KeyUse, tuple[Key, KeyRow]] = {}
        self.used = False

    def fields(self, version: int, use: KeyUse) -> FieldSealer:
        """Return what seals the fields of the stream's entry of a version."""
        bound = bound_to(self._stream, version)
        return lambda path, text: sealed(self._key(use), text, bound + path)

    def _key(self, use: KeyUse) -> Key:
        self.used = True
        if use not in self.made:
            known = None if self._is_new else self._keys.known(self._owner, use)
            if known is not None:
                return known
            self.made[use] = self._keys.make(self._owner, use, self._micros)
        return self.made[use][0]

    @property
    def rows(self) -> list[KeyRow]:
        """The rows of the new keys."""
        return [row for _, row in self.made.values()]

    def stored(self) -> None:
        """Note that the new keys are stored."""
        for key, row in self.made.values():
            self._keys.stored(key, row, is_new=self._is_new, as_of=self.as_of)


def seal_texts(texts: Iterable[tuple[str, Personal]], seal: FieldSealer) -> bool:
    """Seal texts in place; return whether there were any. Only for values that nobody else has."""
    found = False
    for path, one in texts:
        if one.text is not None and one.sealed is None:
            object.__setattr__(one, "sealed", seal(path, one.text))
            object.__setattr__(one, "text", None)
            found = True
    return found


_text, _sealed = (getattr(Personal, name) for name in ("text", "sealed"))  # the slots themselves
_put_opening, _become = _text.__set__, object.__setattr__


class Unopened(Personal):
    """A text that is opened when somebody asks for it, and is an ordinary one from then on.

    Most that is read of a log is folded, and nobody asks for its words. Until then its place for
    the text holds what opens it, and its own path. Asking raises what the opener raises.
    """

    __slots__ = ()

    @property
    def text(self) -> str | None:
        """The text; None where the key is destroyed."""
        return _opened_now(self)[0]

    @property
    def sealed(self) -> str | None:
        """The sealed form where the key is destroyed, else None."""
        return _opened_now(self)[1]

    def __eq__(self, other: object) -> bool:
        """Whether both say the same; what is sealed is never nothing, and need not be opened."""
        if not isinstance(other, Personal) or _says_nothing(other):
            return False
        return _opened_now(self) == (other.text, other.sealed)

    def __hash__(self) -> int:
        """Hash as an ordinary text does."""
        return hash(Personal(*_opened_now(self)))

    def __repr__(self) -> str:
        """Show what an ordinary text shows."""
        return repr(Personal(*_opened_now(self)))

    def __reduce__(self) -> tuple[type[Personal], tuple[str | None, str | None]]:
        """Be copied as an ordinary text."""
        return Personal, _opened_now(self)


def _says_nothing(one: Personal) -> bool:
    return _text.__get__(one) is None and _sealed.__get__(one) is None


def _opened_now(one: Personal) -> tuple[str | None, str | None]:
    """Return text and sealed form, and make the text an ordinary one. Two may ask at once."""
    form, opening = _sealed.__get__(one), _text.__get__(one)
    if type(opening) is not tuple:
        return opening, None if opening is not None else form
    open_, path = opening
    text = open_(path, form)
    _text.__set__(one, text)
    if text is not None:
        _sealed.__set__(one, None)
    _become(one, "__class__", Personal)
    return text, None if text is not None else form


def open_when_asked(texts: Iterable[tuple[str, Personal]], open_: FieldOpener) -> None:
    """Have texts open in place when they are asked for. Only for values that nobody else has."""
    for path, one in texts:
        if one.sealed is not None:
            _put_opening(one, (open_, path))
            _become(one, "__class__", Unopened)


STORED_FIELDS: Collection[str] = frozenset({"text", "sealed"})


def seal_body(body: bytes, seal: FieldSealer) -> bytes:
    """Return a stored body with its texts sealed; for events that hold other events."""
    value = msgspec.json.decode(body)
    _each_text(value, "", lambda path, one: _seal_stored(path, one, seal))
    return msgspec.json.encode(value)


def open_body(body: bytes, open_: FieldOpener) -> bytes:
    """Return a stored body with its texts opened; for events in events, and of older shapes."""
    value = msgspec.json.decode(body)
    _each_text(value, "", lambda path, one: _open_stored(path, one, open_))
    return msgspec.json.encode(value)


def _each_text(value: Any, path: str, see: Callable[[str, dict[str, Any]], None]) -> None:
    if isinstance(value, dict):
        if value.keys() == STORED_FIELDS:
            see(path, value)
            return
        for name, inner in value.items():
            _each_text(inner, f"{path}.{name}" if path else name, see)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            _each_text(inner, f"{path}[{n}]", see)


def _seal_stored(path: str, one: dict[str, Any], seal: FieldSealer) -> None:
    if isinstance(one["text"], str) and one["sealed"] is None:
        one |= {"text": None, "sealed": seal(path, one["text"])}


def _open_stored(path: str, one: dict[str, Any], open_: FieldOpener) -> None:
    if isinstance(one["sealed"], str) and one["text"] is None:
        text = open_(path, one["sealed"])
        if text is not None:
            one |= {"text": text, "sealed": None}
