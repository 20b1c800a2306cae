"""HEAD (RFC 9110, 9.3.2): the headers of what GET would answer, and none of it.

Who watches a service, or looks how large a file is, asks so. The server sends no body for it.
"""

import asyncio

from starlette.types import Message, Receive, Scope, Send

HEAD = "HEAD"

_UNREAD = "polku.unread"


def is_unread(scope: Scope) -> bool:
    """Whether nobody reads the answer's body: one without an end need not begin."""
    return bool(scope.get(_UNREAD, False))


class Unread:
    """A request whose answer is not read: asked as GET, and broken off when headers are there.

    So an answer without an end ends, and one that is made bit by bit is not made.
    """

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope: Scope = {**scope, "method": "GET", _UNREAD: True}
        self._receive, self._begun = receive, asyncio.Event()
        self._asked = self._over = False

    async def receive(self) -> Message:
        """Return what was sent, and then, once it is answered, that nobody reads on."""
        if not self._asked:
            self._asked = True
            return await self._receive()
        await self._begun.wait()
        return {"type": "http.disconnect"}

    async def sent(self, message: Message, send: Send) -> None:
        """Send on what is answered, and note how far the answer is."""
        await send(message)
        if message["type"] == "http.response.start":
            self._begun.set()
        elif not message.get("more_body", False):
            self._over = True

    async def end(self, send: Send) -> None:
        """End an answer that was broken off, so that the connection can be asked again."""
        if self._begun.is_set() and not self._over:
            await send({"type": "http.response.body", "body": b""})
