"""Asking for a file, making it, and forgetting it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files import File
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from accounts.audit import audit
from accounts.models import Cadre
from lms.desk import exports
from lms.desk.filters import read_filters
from lms.desk.models import Export, ExportKind
from lms.jobs.actions import enqueue
from lms.jobs.models import Job


@transaction.atomic
def ask_export(*, kind: str, suffix: str, reason: str, query: str, by: Cadre, at: datetime) -> Export:
    """Note what a staff member wants to export and queue the work; `query` is the desk's address."""
    filters = read_filters(QueryDict(query), by)
    export = Export.objects.create(
        kind=kind,
        suffix=suffix,
        reason=reason,
        filters={"query": query},
        about=filters.words(),
        by=by,
        created_at=at,
    )
    export.job = enqueue("desk.export", {"export": export.pk, "by": by.pk}, at=at)
    export.save(update_fields=["job"])
    audit("desk.export", by=by, at=at, unit=filters.unit, kind=kind, query=query, reason=reason)
    return export


def make_export(*, export: Export, report: Callable[[int, int], None]) -> Export:
    """Write the file of an export; run twice it writes the same list again."""
    filters, today = (
        read_filters(QueryDict(export.filters["query"]), export.by),
        timezone.localdate(export.created_at),
    )
    is_proof = export.kind == ExportKind.CERTIFICATES
    found = (filters.records if is_proof else filters.obligations)(export.by, today)
    total = found.count()
    name = f"{export.kind.lower()}-{today}-{export.pk}.{export.suffix}"
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        export.rows = exports.WRITERS[export.suffix](
            path,
            exports.header(export.kind),
            exports.rows(export.kind, found, today=today, is_masked=not export.reason),
            lambda done: report(min(done, total), total),
        )
        if export.file:
            export.file.delete(save=False)
        with path.open("rb") as file:
            export.file.save(name, File(file), save=False)
    export.save(update_fields=["rows", "file"])
    return export


def forget_exports(*, before: datetime) -> int:
    """Delete the files asked for before a moment, with what is noted of them; the audit lines stay."""
    old = Export.objects.filter(created_at__lt=before).exclude(job__in=Job.objects.unfinished())
    for export in old:
        export.file.delete(save=False)
        export.delete()
    return len(old)
