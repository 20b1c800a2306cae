"""Why somebody may not do what they ask for, and what to do next."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from domain.wording import Wording, said


class Denied(StrEnum):
    """Why somebody may not do an act. The value is a code that stays; `said` is the sentence."""

    ROLE = "not-in-role"
    SCOPE = "not-in-scope"
    OPENED = "opened-for-reading"
    HANDOVER = "only-asked-to-take-over"
    RESPONSIBLE = "only-for-the-responsible"
    PARTNER = "not-for-a-partner"
    NOT_THEIRS = "not-of-the-partner"
    NOT_OWN = "not-for-oneself"
    PROGRAMME = "not-own-programme"
    PURPOSE = "not-for-this-purpose"
    ORGANISATION = "not-own-organisation"
    CLIENT = "client-not-in-scope"
    OTHERS = "others-serve-the-client-too"
    CLIENT_REFERRED = "client-out-of-scope"
    REFERRER = "not-own-referral"

    @property
    def said(self) -> Wording:
        """What is wrong and what to do next."""
        return _SAID[self]


_SAID: Mapping[Denied, Wording] = MappingProxyType(
    {
        Denied.ROLE: said("Your role does not do this. Ask somebody whose role it is."),
        Denied.SCOPE: said(
            "This journey is not in your scope. Ask the responsible organisation for a "
            "handover or a place in the team, or open it with a reason to read it."
        ),
        Denied.OPENED: said(
            "You have opened this journey to read it. Ask the responsible organisation "
            "to act, or for a place in the team."
        ),
        Denied.HANDOVER: said(
            "Your organisation has been asked to take over. Accept the handover first."
        ),
        Denied.RESPONSIBLE: said(
            "This is for the responsible organisation alone: it decides into whose hands a journey "
            "goes. Ask it."
        ),
        Denied.PARTNER: said(
            "This is for the responsible organisation and the team. Join the team "
            "first, or ask them."
        ),
        Denied.NOT_THEIRS: said(
            "A partner by an agreement acts for its own people and services only. "
            "Name your own organisation, or join the team first."
        ),
        Denied.NOT_OWN: said("A client speaks for themself only. Sign or answer as the client."),
        Denied.PROGRAMME: said(
            "This is not one of the programmes you answer for. Ask its programme manager."
        ),
        Denied.ORGANISATION: said(
            "An organisation signs and ends its own agreements only. Ask somebody of that "
            "organisation."
        ),
        Denied.CLIENT: said(
            "No journey of this client is in the hands of your organisation or your team. Ask the "
            "responsible organisation."
        ),
        Denied.OTHERS: said(
            "Other organisations are responsible for journeys of this client, too, and an erasure "
            "takes theirs with it. Ask whoever keeps the service to erase the client."
        ),
        Denied.CLIENT_REFERRED: said(
            "This client is registered, and no journey of theirs is in your scope. Say in "
            "opening_reason why you refer them: it is recorded, and shown in an audit."
        ),
        Denied.REFERRER: said(
            "You refer clients for your own organisation. Name it as from_organisation, also where "
            "the client came by themself."
        ),
        Denied.PURPOSE: said(
            "Your role does not read for the purpose that was stated. State one of its "
            "own, or none."
        ),
    }
)


class NotAllowed(Exception):
    """Somebody asked for what they may not do; `denied` says why."""

    def __init__(self, denied: Denied) -> None:
        super().__init__(denied.said)
        self.denied = denied
