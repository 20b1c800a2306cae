"""The one place where all is put together: what interfaces get from infrastructure.

Each module opens one room of it. Infrastructure is imported where it is needed, inside functions,
so that a command waits for no more than it uses. Outside errors that a person can do something
about become `Unusable`, a sentence saying what.
"""

from interfaces.bootstrap.archive import open_archive
from interfaces.bootstrap.audit import (
    AuditAsked,
    add_checkpoint,
    audit_log,
    bundle_journey,
    bundling,
    copy_to_witness,
    give_out_checkpoint,
    ledger_root,
)
from interfaces.bootstrap.databases import DatabaseStatus, database, is_of_database, status, upgrade
from interfaces.bootstrap.evaluation import (
    archived_journeys,
    export_archive,
    files_among,
    open_evaluating,
    origin_of,
    report_desk,
    whole_journeys,
)
from interfaces.bootstrap.files import (
    check_definition,
    check_indicators,
    definition_in,
    read_definition,
    shipped_definitions,
    tongue,
)
from interfaces.bootstrap.importing import bring_in
from interfaces.bootstrap.keys import (
    check_keys,
    clearing,
    keys_left,
    kinds_left,
    make_secret_once,
    rotate_master_key,
)
from interfaces.bootstrap.log import HELPERS, open_locks, open_office, projections_of
from interfaces.bootstrap.running import log_as, note_failure, now, set_up_logging, settings, usual
from interfaces.bootstrap.serving import http_settings, open_service
from interfaces.bootstrap.unusable import BadSetting, Unusable, UnusableInput
from interfaces.bootstrap.views import (
    catch_up,
    follow_log,
    journeys_of_clients,
    list_journeys,
    open_projections,
    rebuild_views,
    view_statuses,
    views_of,
)

__all__ = [
    "HELPERS",
    "AuditAsked",
    "BadSetting",
    "DatabaseStatus",
    "Unusable",
    "UnusableInput",
    "add_checkpoint",
    "archived_journeys",
    "audit_log",
    "bring_in",
    "bundle_journey",
    "bundling",
    "catch_up",
    "check_definition",
    "check_indicators",
    "check_keys",
    "clearing",
    "copy_to_witness",
    "database",
    "definition_in",
    "export_archive",
    "files_among",
    "follow_log",
    "give_out_checkpoint",
    "http_settings",
    "is_of_database",
    "journeys_of_clients",
    "keys_left",
    "kinds_left",
    "ledger_root",
    "list_journeys",
    "log_as",
    "make_secret_once",
    "note_failure",
    "now",
    "open_archive",
    "open_evaluating",
    "open_locks",
    "open_office",
    "open_projections",
    "open_service",
    "origin_of",
    "projections_of",
    "read_definition",
    "rebuild_views",
    "report_desk",
    "rotate_master_key",
    "set_up_logging",
    "settings",
    "shipped_definitions",
    "status",
    "tongue",
    "upgrade",
    "usual",
    "view_statuses",
    "views_of",
    "whole_journeys",
]
