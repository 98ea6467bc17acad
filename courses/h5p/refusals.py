"""What the person who brought an H5P package is told when it is not taken."""

from django.utils.translation import gettext as _

from courses.packages import refusals
from courses.packages.refusals import Refused


def in_words(refused: Refused) -> str:
    """The file inside the package and the reason, in the language of the moment."""
    return refusals.in_words(refused, {**_of_packages(), **_of_libraries(), **_of_contents()})


def _of_packages() -> dict[str, str]:
    return {
        "no_main": _("“%(name)s” does not name the main library. Save the content anew in H5P."),
        "field": _("“%(name)s”: “%(field)s” is missing or not as H5P writes it."),
        "needs": _(
            "“%(name)s” needs libraries that are neither in the package nor installed: %(missing)s. "
            "Have them installed first, or save the package with its libraries."
        ),
        "not_runnable": _("“%(name)s”: %(library)s cannot be played by itself."),
        "no_right": _(
            "“%(name)s”: only somebody who may install libraries can bring new ones. "
            "Not installed yet: %(missing)s."
        ),
        "no_libraries": _("There is no library in this package."),
    }


def _of_libraries() -> dict[str, str]:
    return {
        "library_twice": _("“%(name)s”: the library %(library)s is in the package twice."),
        "library_differs": _(
            "“%(name)s”: %(library)s is installed with the same version but other files. Nothing was changed."
        ),
        "core": _("“%(name)s” needs a newer player (H5P core %(needed)s, here %(have)s)."),
        "library_file": _("“%(name)s” names the file “%(file)s”, which is not in the library."),
        "semantics": _("“%(name)s” does not describe the fields of the library as H5P does."),
    }


def _of_contents() -> dict[str, str]:
    return {
        "type": _("“%(name)s”: files of this kind are not taken in a content."),
        "picture": _("“%(name)s” is no picture that can be read. Save it anew as PNG or JPEG."),
        "pixels": _("“%(name)s” has more than %(millions)s million pixels. Make it smaller."),
        "no_file": _("“%(name)s” is used in the content (%(where)s), but is not in the package."),
        "sub_library": _("“%(name)s”: %(library)s is not to be used at %(where)s."),
        "params": _("“%(name)s” does not hold the parameters of a content."),
    }
