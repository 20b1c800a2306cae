"""What all refusals of evaluations are: a sentence for whoever asked, and no fault of Polku."""


class NotAnswered(Exception):
    """What was asked of an evaluation cannot be answered; the message says why."""
