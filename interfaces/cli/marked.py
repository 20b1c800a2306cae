"""A sentence of an entry, marked with what became of the entry and where it came from."""

from domain.entry import Source


def marked(
    sentence: str, source: Source | None, corrected_by: int | None, retracted_by: int | None
) -> str:
    """Return the sentence with its marks; `corrected_by` and `retracted_by` are versions."""
    marks = [
        f"[corrected by entry {corrected_by}]" if corrected_by else "",
        f"[retracted by entry {retracted_by}]" if retracted_by else "",
        f"[from {source.name}: {source.table}, row {source.row}]" if source else "",
    ]
    return " ".join((sentence, *(mark for mark in marks if mark)))
