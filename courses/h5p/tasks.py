"""Background work of H5P."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Cadre
from courses.h5p.actions import unpack as unpack_content
from courses.h5p.actions.uploads import INSTALLING, MayNotInstall, forget_upload, install_upload
from courses.h5p.models import Content
from courses.h5p.refusals import in_words
from courses.packages.actions import asked
from courses.packages.refusals import Refused
from lms.jobs.registry import GiveUp, Work, job


@job(Content.unpacking)
def unpack(work: Work) -> dict[str, object]:
    """Unpack a content; one that was unpacked, replaced, refused or deleted meanwhile is passed over."""
    content = asked(Content, work.args)
    if content is None:
        return {}
    try:
        by = Cadre.objects.get(pk=work.args["by"])
        unpack_content(content=content, by=by, at=work.at, report=work.report)
    except Refused as refused:
        with translation.override(settings.LANGUAGE_CODE):
            raise GiveUp(in_words(refused)) from refused
    return {"content": content.pk}


@job(INSTALLING)
def install(work: Work) -> dict[str, object]:
    """Install the libraries of an uploaded package, in the name of somebody who still may."""
    name, by = work.args["upload"], Cadre.objects.get(pk=work.args["by"])
    with translation.override(settings.LANGUAGE_CODE):
        try:
            patches = install_upload(name=name, by=by, at=work.at, report=work.report)
        except MayNotInstall as refused:
            forget_upload(name=name)
            raise GiveUp(_("You may not install libraries any more. Nothing was installed.")) from refused
        except Refused as refused:
            forget_upload(name=name)
            raise GiveUp(in_words(refused)) from refused
    forget_upload(name=name)
    return {"patches": patches}
