"""SQL that people write: its words without what is quoted or a comment, and whether it is steady.

The same question must have the same answer, so what gives another one each time cannot be asked.
"""

import re

_ASIDE = re.compile(
    r"""'(?:[^']|'')*' | (?P<name>"(?:[^"]|"")*") | --[^\n]* | /\*.*?\*/""", re.VERBOSE | re.DOTALL
)

_WORDS = ("current_date", "current_time", "current_timestamp", "localtime", "localtimestamp")
_CALLS = (
    *("now", "today", "get_current_time", "get_current_timestamp", "transaction_timestamp"),
    *("current_localtime", "current_localtimestamp", "txid_current", "current_transaction_id"),
    *("current_query_id", "current_connection_id", "random", "setseed", "nextval", "currval"),
    *("uuid", "uuidv4", "uuidv7", "gen_random_uuid"),
)
_UNSTEADY = re.compile(
    rf"\b(?:({'|'.join(_WORDS)}|tablesample|using\s+sample)\b|({'|'.join(_CALLS)})\s*\()",
    re.IGNORECASE,
)


def bare(sql: str) -> str:
    """Return SQL without its texts and comments; names in double quotes stay."""
    return _ASIDE.sub(lambda found: found["name"] or " ", sql)


def unsteady(sql: str) -> str:
    """Return what makes an answer another one each time it is asked; empty: nothing does."""
    found = _UNSTEADY.search(bare(sql))
    return (found[1] or found[2]).lower() if found else ""
