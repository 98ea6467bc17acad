"""The Celery application of production; the demo runs the same tasks with `manage.py run_jobs`."""

import os

from celery import Celery
from celery.signals import import_modules

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
app = Celery("xiangxue")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@import_modules.connect(sender=app)
def fill_beat(**kwargs: object) -> None:
    """Give every recurring tick its entry, once the rooms' tasks are read."""
    from lms.jobs.registry import load  # the apps are ready only now
    from lms.jobs.tasks import run_tick

    app.conf.beat_schedule = {
        entry.name: {
            "task": run_tick.name,
            "schedule": entry.seconds,
            "args": (entry.name,),
            # A tick that nobody took is replaced by the next one.
            "options": {"expires": entry.seconds},
        }
        for entry in load().recurring.values()
    }
