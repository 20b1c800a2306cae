"""The keys that personal data is sealed with: one for each stream and kind of data.

What names a client by id (a referral, why two ids are one person's), or speaks of one (why a
referral is put right, or a journey opened), has a key of its own, which is destroyed with the
stream that it is in, and with that client's.

A client's data lies in the client's own stream and in those of the client's journeys. A key belongs
to the stream that its data is in, not to the client's id: so a referral that is put right, or two
clients that turn out to be one, need no key anew, and nobody else's data hangs on it. To erase a
client is to destroy the keys of all those streams.

A new key is stored in the transaction of the entry that it seals, so an entry whose key is not
there was never stored. A stored form names its key by an id.
"""

import hmac
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from os import urandom
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import bindparam, delete, func, insert, null, or_, select, text, update

from application.ports import Destroying
from infrastructure.database import Database
from infrastructure.kept_keys import KeptKeys, Key, KeyUse
from infrastructure.key_rows import KeyRow, bound_to, owner_of
from infrastructure.log_statements import json_list, statements_of
from infrastructure.log_tables import client_keys
from infrastructure.log_tables import keys as requests
from infrastructure.master_keys import MasterKeys, UnusableMasterKey
from infrastructure.went_on import refuse_where_it_went_on

KEY_BYTES, ID_BYTES = 32, 8

REQUESTS = b"requests"
"""The id of the key that digests of requests, and ids of what is imported, are made with: they may
be of a name, or of an identity code."""

KEYED = "keyed.v1:"
"""How the stored digest of a request begins where it was made with the key."""

OF_AN_ID = "id:"
"""Before a text of which an id is made with the same key; no digest of a request begins so."""

AT_A_TIME = 1000
"""Keys that are wrapped anew in one transaction."""


def made_of(key_id: bytes, secret: bytes) -> Key:
    """Return a key of its secret."""
    return Key(key_id, AESGCM(secret), hmac.digest(secret, b"polku-nonce.v1", "sha256"))


class Keys:
    """The keys of a database: those used last at hand, the others unwrapped when they are needed.

    `masters` gives the master keys when they are first needed. `random` is the source of new keys.
    Safe for many threads.
    """

    def __init__(
        self,
        database: Database,
        masters: Callable[[], MasterKeys],
        random: Callable[[int], bytes] = urandom,
    ) -> None:
        self._database, self._masters_of, self._random = database, masters, random
        self._lock = threading.Lock()
        self._masters: MasterKeys | None = None
        self._kept = KeptKeys()
        self._requests: bytes | None = None
        self._passing: bytes | None = None
        self._destroyed_at = 0
        self._listeners: list[Callable[[], None]] = []
        self._statements = statements = statements_of(is_sqlite=database.is_sqlite)
        self._text = statements.text
        self._each: Callable[[str], Any] = lambda name: select(statements.each(name).c.value)

    @property
    def masters(self) -> MasterKeys:
        """The master keys. Raises UnusableMasterKey."""
        with self._lock:
            if self._masters is None:
                self._masters = self._masters_of()
            return self._masters

    def check(self) -> None:
        """Raise UnusableMasterKey where keys are wrapped by a master key that is not at hand."""
        master = ""
        while True:
            ((found,),) = self._database.rows(self._statements.master_after, {"master": master})
            if found is None:
                return
            master = str(found)
            if master in self.masters.known:
                continue
            with self._database.reading() as connection:
                lost = connection.execute(
                    select(client_keys.c.id)
                    .where(client_keys.c.master == master, client_keys.c.wrapped.is_not(None))
                    .limit(1)
                ).first()
            if lost is not None:
                self.masters.unwrap(b"", b"", master)

    def known(self, owner: str, use: KeyUse) -> Key | None:
        """Return the newest key of an owner for a use that is not destroyed."""
        uses = self._kept.of_owner(owner)
        if uses is None:
            self._load([owner])
            uses = self._kept.of_owner(owner) or {}
        return uses.get(use)

    def make(self, owner: str, use: KeyUse, micros: int) -> tuple[Key, KeyRow]:
        """Return a new key and its row, which is to be stored with what it seals."""
        key_id, secret = self._random(ID_BYTES), self._random(KEY_BYTES)
        wrapped = self.masters.wrap(secret, bound_to(key_id, owner, use), self._random)
        newest = self.masters.newest
        row = KeyRow(key_id, owner, use.kind, wrapped, newest, micros, about=use.about)
        return made_of(key_id, secret), row

    def stored(self, key: Key, row: KeyRow, *, is_new: bool, as_of: int) -> None:
        """Note that a new key is in the table now; `is_new`: its owner had none before.

        Not where keys were destroyed since `as_of`: it may have been among them.
        """
        with self._lock:
            if as_of != self._destroyed_at:
                return
            uses = self._kept.of_owner(row.owner)
            if uses is None and is_new:
                uses = {}
            if uses is not None:
                uses[row.use] = key
            self._kept.put({key.id: key}, {} if uses is None else {row.owner: uses})

    def save(self, rows: Sequence[KeyRow]) -> None:
        """Store new keys in a transaction of their own, where their entry is stored by another."""
        if rows:
            with self._database.writing() as connection:
                connection.execute(insert(client_keys), [row._asdict() for row in rows])

    def opening(self, key_id: bytes, streams: Iterable[str]) -> Key | None:
        """Return the key of an id; None where it is destroyed.

        Where it is not at hand, those of all the `streams` that are being read are fetched.
        """
        with suppress(KeyError):
            return self._kept.by_id(key_id)
        owners = {owner for stream in streams if (owner := owner_of(stream)) is not None}
        self._load((one for one in owners if self._kept.of_owner(one) is None), strict=False)
        with suppress(KeyError):
            return self._kept.by_id(key_id)
        return self._fetched(self._statements.client_key, {"id": key_id}).get(key_id)

    def _load(self, owners: Iterable[str], *, strict: bool = True) -> None:
        owners = [*owners]
        if not owners:
            return
        asked = {"owners": json_list(owners)}
        self._fetched(self._statements.keys_of_owners, asked, owners, strict=strict)

    def _fetched(
        self,
        statement: str,
        asked: dict[str, Any],
        owners: Sequence[str] = (),
        *,
        strict: bool = True,
    ) -> dict[bytes, Key | None]:
        """Return keys as the database has them, and keep them at hand.

        Unless `strict`, one that does not unwrap is left to whoever asks for it, with its owner.
        """
        while True:
            as_of = self._destroyed_at
            rows = [KeyRow(*row) for row in self._database.rows(statement, asked)]
            opened: list[tuple[KeyRow, Key | None]] = []
            lost = set()
            for row in rows:
                try:
                    opened.append((row, self._unwrapped(row)))
                except UnusableMasterKey:
                    if strict:
                        raise
                    lost.add(row.owner)
            if self._keep(opened, [one for one in owners if one not in lost], as_of):
                return {bytes(row.id): key for row, key in opened}

    def _keep(
        self, opened: Sequence[tuple[KeyRow, Key | None]], owners: Sequence[str], as_of: int
    ) -> bool:
        """Keep keys at hand, unless some were destroyed since they were read."""
        with self._lock:
            if as_of != self._destroyed_at:
                return False
            uses: dict[str, dict[KeyUse, Key]] = {owner: {} for owner in owners}
            for row, key in sorted(opened, key=lambda one: one[0].made_at):
                if key is not None and row.owner in uses:
                    uses[row.owner][row.use] = key
            self._kept.put({bytes(row.id): key for row, key in opened}, uses)
        return True

    def _unwrapped(self, row: KeyRow) -> Key | None:
        if row.wrapped is None:
            return None
        return made_of(bytes(row.id), self._secret(row))

    def _secret(self, row: KeyRow) -> bytes:
        of = bound_to(bytes(row.id), row.owner, row.use)
        return self.masters.unwrap(bytes(row.wrapped or b""), of, row.master)

    # Digests of requests

    def keyed(self, request: str) -> str:
        """Return the digest of a request, made with a key: nobody can try names on it."""
        return KEYED + self._digest(request).hex()

    def id_for(self, told: str, *, storing: bool = True) -> str:
        """Return an id for what a text tells, made with the key: nobody can try texts on it.

        Unless `storing`, the id is good for this process alone where the key is not there yet.
        """
        digest = self._digest(OF_AN_ID + told, storing=storing)
        return str(UUID(bytes=digest[:16], version=5))

    def _digest(self, told: str, *, storing: bool = True) -> bytes:
        return hmac.digest(self._requests_key(storing=storing), told.encode(), "sha256")

    def is_same(self, stored: str, keyed: str) -> bool:
        """Whether a stored digest, keyed or of an older program, is that of the same request."""
        return keyed == (stored if stored.startswith(KEYED) else self.keyed(stored))

    def _requests_key(self, *, storing: bool) -> bytes:
        if self._requests is not None:
            return self._requests
        if not storing and self._passing is not None:
            return self._passing
        found = self._database.rows(self._statements.client_key, {"id": REQUESTS})
        if not found and not storing:
            self._passing = self._random(KEY_BYTES)
            return self._passing
        if not found:
            self._make_requests_key()
            found = self._database.rows(self._statements.client_key, {"id": REQUESTS})
        self._requests = self._secret(KeyRow(*found[0]))
        return self._requests

    def _make_requests_key(self) -> None:
        """Store a new key, unless another process was faster."""
        secret = self._random(KEY_BYTES)
        wrapped = self.masters.wrap(
            secret, bound_to(REQUESTS, "", KeyUse("requests")), self._random
        )
        with self._database.writing() as connection:
            connection.execute(
                text(
                    "INSERT INTO client_keys (id, owner, kind, wrapped, master, made_at) "
                    "VALUES (:id, '', 'requests', :wrapped, :master, 0) ON CONFLICT DO NOTHING"
                ),
                {"id": REQUESTS, "wrapped": wrapped, "master": self.masters.newest},
            )

    # Destruction

    def destroy(self, cursor: Any, destroying: Destroying, micros: int) -> None:
        """Destroy keys within a transaction, and forget requests where all of a stream goes.

        Other processes see it by `look_for_destroyed`. Raises LogWentOn.
        """
        refuse_where_it_went_on(cursor, self._statements, destroying)
        micros = max(micros, self._newest_destroyed(cursor) + 1)
        wanted = [_is_of(self._each("owners")), client_keys.c.wrapped.is_not(None)]
        asked: dict[str, Any] = {"owners": json_list(destroying.streams), "micros": micros}
        if destroying.kinds is not None:
            wanted.append(client_keys.c.kind.in_(self._each("kinds")))
            asked["kinds"] = json_list(destroying.kinds)
        gone = update(client_keys).where(*wanted)
        gone = gone.values(wrapped=null(), destroyed_at=bindparam("micros"))
        cursor.execute(self._text(gone), asked)
        if destroying.kinds is None:
            of = delete(requests).where(requests.c.stream.in_(self._each("owners")))
            cursor.execute(self._text(of), asked)

    def counted(self, streams: Sequence[str]) -> dict[str, int]:
        """Return how many keys of the streams are destroyed, by the kind of data."""
        with self._database.reading() as connection:
            asked = (
                select(client_keys.c.kind, func.count())
                .where(_is_of(streams), client_keys.c.wrapped.is_(None))
                .group_by(client_keys.c.kind)
            )
            return {kind: int(many) for kind, many in connection.execute(asked)}

    def left(self, streams: Sequence[str]) -> bool:
        """Whether a key of the streams is not destroyed."""
        asked = select(client_keys.c.id).where(_is_of(streams), client_keys.c.wrapped.is_not(None))
        with self._database.reading() as connection:
            return connection.execute(asked.limit(1)).first() is not None

    def kinds_left(self, streams: Sequence[str]) -> frozenset[str]:
        """Return the kinds of which the streams have a key that is not destroyed."""
        asked = select(client_keys.c.kind).where(
            _is_of(streams), client_keys.c.wrapped.is_not(None)
        )
        with self._database.reading() as connection:
            return frozenset(kind for (kind,) in connection.execute(asked.distinct()))

    def telling_of(self, streams: Sequence[str]) -> list[str]:
        """Return whose keys seal what tells of the clients of streams by name, destroyed or not."""
        asked = select(client_keys.c.owner).where(client_keys.c.about.in_(streams))
        with self._database.reading() as connection:
            return sorted(owner for (owner,) in connection.execute(asked.distinct()))

    def _newest_destroyed(self, cursor: Any) -> int:
        cursor.execute(self._statements.destroyed)
        ((newest,),) = cursor.fetchall()
        return int(newest or 0)

    @property
    def as_of(self) -> int:
        """The instant (microseconds) of the newest destruction that is known here."""
        return self._destroyed_at

    def when_destroyed(self, listener: Callable[[], None]) -> None:
        """Have a function called when keys were destroyed: it forgets what it has in memory."""
        self._listeners.append(listener)

    def no_longer(self, listener: Callable[[], None]) -> None:
        """Call a function no more when keys were destroyed; harmless where it never was."""
        with suppress(ValueError):
            self._listeners.remove(listener)

    def look_for_destroyed(self) -> bool:
        """Ask whether keys were destroyed since last asked, and forget; return whether some were.

        Other processes destroy keys, too.
        """
        ((newest,),) = self._database.rows(self._statements.destroyed, {})
        return self.destroyed(int(newest or 0))

    def destroyed(self, micros: int) -> bool:
        """Forget what is known by keys if those destroyed last, at an instant, are news here."""
        with self._lock:
            if micros <= self._destroyed_at:
                return False
            self._destroyed_at = micros
            self._kept = KeptKeys()
        for listener in tuple(self._listeners):  # others come and go meanwhile
            listener()
        return True

    # Rotation

    def to_wrap_anew(self) -> int:
        """Return how many keys are wrapped by another master key than the newest."""
        with self._database.reading() as connection:
            asked = select(func.count()).select_from(client_keys).where(self._older())
            return int(connection.execute(asked).scalar_one())

    def wrap_anew(self) -> int:
        """Wrap some keys by the newest master key; return how many (0: none that is free is left).

        Each call is a transaction, so a run that was broken off goes on where it was. Keys that
        somebody else is destroying or wrapping at this moment are left out: they are not waited
        for, and none that was destroyed since it was read is put back.
        """
        with self._database.writing() as connection:
            asked = select(*client_keys.columns).where(self._older()).limit(AT_A_TIME)
            asked = asked.with_for_update(skip_locked=True)  # SQLite has one writer at a time
            rows = [KeyRow(*row) for row in connection.execute(asked)]
            for row in rows:
                of = bound_to(bytes(row.id), row.owner, row.use)
                wrapped = self.masters.wrap(self._secret(row), of, self._random)
                connection.execute(
                    update(client_keys)
                    .where(client_keys.c.id == row.id)
                    .values(wrapped=wrapped, master=self.masters.newest)
                )
        return len(rows)

    def _older(self) -> Any:
        newest = self.masters.newest
        return or_(client_keys.c.master < newest, client_keys.c.master > newest) & (
            client_keys.c.wrapped.is_not(None)
        )


def _is_of(streams: Any) -> Any:
    """Return what picks the keys of the data in streams, and of what names a client of theirs."""
    # Each half by its own index: PostgreSQL would read the whole table for an OR.
    there, named = client_keys.alias("there"), client_keys.alias("named")
    own = select(there.c.id).where(there.c.owner.in_(streams))
    return client_keys.c.id.in_(own.union_all(select(named.c.id).where(named.c.about.in_(streams))))
