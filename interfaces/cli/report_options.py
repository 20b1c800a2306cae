"""What can be said to `polku report`, option by option."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from interfaces.cli.language import Language
from interfaces.cli.report_written import Format

Several: TypeAlias = list[str] | None

OfProgramme: TypeAlias = Annotated[str | None, typer.Option(help="The programme's code.")]
OnlyThese: TypeAlias = Annotated[
    Several, typer.Option(metavar="ID", help="Only this indicator; repeatable.")
]
Sets: TypeAlias = Annotated[
    Several,
    typer.Option(
        metavar="FILE",
        help="Indicators of a file, or `esf-plus`; `programme` for the definition's own. With "
        "--verify, --then or --issue: where the report's files of indicators are now.",
    ),
]
Settings: TypeAlias = Annotated[
    Several,
    typer.Option("--set", metavar="NAME=NUMBER", help="Another value for a file's setting."),
]
BrokenDownBy: TypeAlias = Annotated[
    Several, typer.Option(metavar="COLUMN", help="Break all down by it, or by COLUMN*COLUMN.")
]
Threshold: TypeAlias = Annotated[
    int, typer.Option(min=0, help="Groups of fewer are not shown; 0 shows all.")
]

Written: TypeAlias = Annotated[Format, typer.Option("--format", help="How it is written.")]
Out: TypeAlias = Annotated[Path | None, typer.Option(help="The file to write it to.")]
Charts: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Write each chart there as well, as SVG and as PNG."),
]
InLanguage: TypeAlias = Annotated[
    Language, typer.Option(help="The language of what people read: tables, pages, charts.")
]

Verify: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="FILE_OR_ID",
        help="Compute a report (JSON), or an issued one by its id, again, and compare.",
    ),
]
Then: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="FILE_OR_ID",
        help="Ask a report (JSON), or an issued one by its id, again now; what differs, and why.",
    ),
]
Because: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT", help="With --then: record that an issued report is restated, and why."
    ),
]
Issue: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Record that a report (JSON) is issued for others."),
]
ForOrganisation: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="CODE", help="For which organisation it is issued or restated."),
]
ByPerson: TypeAlias = Annotated[
    str | None, typer.Option(metavar="ID", help="Who issues or restates it; you, by default.")
]
Opened: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--open",
        metavar="ID[:COLUMN=VALUE]",
        help="The journeys behind a figure, and their entries; it names no person. A value with a "
        "comma stands in quotes.",
    ),
]
Check: TypeAlias = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Check a file of indicators.")
]
