"""Messages about classes, in the background."""

from typing import Any

from lms.jobs.registry import Work, job
from lms.training.classes.actions.notices import send_notices


@job("classes.send")
def send(work: Work) -> dict[str, Any]:  # any JSON
    """Send what the people of a class have not been told by message."""
    return {
        "failed": send_notices(training_class_id=work.args["class"], at=work.at, report=work.report),
    }
