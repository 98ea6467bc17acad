"""Where evidence lies: in the site's storage, under names that say nothing."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from lms.training.claims.evidence import Proof
from lms.training.claims.models import Claim, ClaimBatch, Evidence

FOLDER = "claims"


@contextmanager
def shelved(proofs: Sequence[Proof], at: datetime) -> Iterator[list[str]]:
    """The files in the storage under their names there; gone again if what they prove is not written."""
    names: list[str] = []
    try:
        for proof in proofs:
            name = f"{FOLDER}/{at:%Y}/{uuid4().hex}.{proof.kind.lower()}"
            names.append(default_storage.save(name, ContentFile(proof.content)))
        yield names
    except BaseException:
        _delete(names)
        raise


def note(
    proofs: Sequence[Proof],
    names: Sequence[str],
    *,
    claim: Claim | None = None,
    batch: ClaimBatch | None = None,
) -> None:
    """Write down what lies on the shelf, for the claim or the sheet that it proves."""
    Evidence.objects.bulk_create(
        Evidence(
            claim=claim,
            batch=batch,
            name=proof.name,
            kind=proof.kind,
            file=name,
            size_bytes=len(proof.content),
            sha256=proof.digest,
        )
        for proof, name in zip(proofs, names, strict=True)
    )


def clear(batch: ClaimBatch) -> None:
    """Forget the evidence of a sheet that is not filed; its files go once that is certain."""
    names = list(batch.evidence.values_list("file", flat=True))
    batch.evidence.all().delete()
    transaction.on_commit(partial(_delete, names))


def _delete(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)
