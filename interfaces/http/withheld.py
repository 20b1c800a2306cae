"""What an answer withholds from another organisation, told with the reason."""

from application.disclosure import FIELDS, WHY_WITHHELD, Shown
from domain.wording import Tongue, in_language, in_words
from interfaces.http.journey_models import Coded, Withheld


def withheld_told(shown: Shown, tongue: Tongue, among: set[str] | None = None) -> list[Withheld]:
    """Return what is withheld; `among` are the fields that the answer has of other kinds."""
    named = among or set()
    reason = in_language(WHY_WITHHELD, tongue)
    return [
        Withheld.model_construct(
            kind=Coded.model_construct(
                code=kind.value, title=in_language(in_words("data-kind", kind.value), tongue)
            ),
            fields=[field for field, of in FIELDS.items() if of is kind and field in named],
            reason=reason,
        )
        for kind in shown.withheld
    ]
