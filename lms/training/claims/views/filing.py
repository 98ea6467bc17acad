"""Filing what a form says, by whoever sent it."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Cadre
from lms.training.claims.actions import TooMany, file_claim
from lms.training.claims.forms import ClaimForm
from lms.training.claims.models import Claim


def filed(form: ClaimForm, *, person: Cadre, by: Cadre) -> Claim | None:
    """The claim that a right form was filed as; None, said in the form, for too many in a day."""
    try:
        return file_claim(
            person=person,
            facts=form.facts(),
            proofs=form.cleaned_data["evidence"],
            by=by,
            at=timezone.now(),
            key=str(form.cleaned_data["key"]),
        )
    except TooMany:
        form.add_error(None, _("You have filed many claims today: nothing was kept. Go on tomorrow."))
        return None
