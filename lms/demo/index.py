"""The search index while much is saved: written once in the end instead of at every save of a page."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db.models.signals import post_save
from modelsearch.index import get_indexed_models
from modelsearch.signal_handlers import post_save_signal_handler


@contextmanager
def indexed_once() -> Iterator[None]:
    """Nothing saved within is indexed by itself; all that there is, when the block ends well."""
    with unindexed():
        yield
    call_command("wagtail_update_index", verbosity=0)


@contextmanager
def unindexed() -> Iterator[None]:
    """Nothing saved within is indexed."""
    silenced = [
        model
        for model in get_indexed_models()
        if post_save.disconnect(post_save_signal_handler, sender=model)
    ]
    try:
        yield
    finally:
        for model in silenced:
            post_save.connect(post_save_signal_handler, sender=model)
