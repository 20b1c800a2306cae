"""A report as a file has it: what is none is refused in words."""

import pytest

from application.evaluation.kept_report import UnreadableReport, read_report

TWICE = '{"form": "polku-report/1", "tables": [], "threshold": 5, "threshold": 0}'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (TWICE, "threshold is given more than once: say which is meant"),
        ('{"form": "polku-report/9"}', "its form is polku-report/9, not polku-report/1"),
        ("[" * 100_000, "it is no report that Polku wrote as JSON"),
        ("[]", "it is no report that Polku wrote as JSON"),
        ("{", "it is no report that Polku wrote as JSON"),
    ],
)
def test_what_is_no_report_is_refused_in_words(text, why):
    with pytest.raises(UnreadableReport) as found:
        read_report(text)
    assert str(found.value) == why
