"""The digest of a snapshot: SHA-256 of its one canonical JSON text."""

import hashlib
import json
from collections.abc import Mapping


def digest_of(snapshot: Mapping[str, object]) -> str:
    """The same 64 hexadecimal digits for the same snapshot, in whatever order its keys come."""
    text = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
