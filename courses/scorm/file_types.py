"""Which files of a SCORM package are kept: what a browser shows or plays, and documents to be handed out."""

from collections.abc import Iterable

from courses.packages.refusals import Refused
from courses.packages.shelf import ending_of


def _endings(words: str, *others: str) -> frozenset[str]:
    return frozenset([*words.split(), *others])


# Pages and what they are made of (an object may bring XML, templates, models and its text as Markdown),
# pictures, fonts, sound and films, and documents.
KEPT = _endings(
    "html htm xhtml js mjs css json xml svg txt md yml yaml csv vtt srt wasm glb gltf bin "
    "png jpg jpeg gif webp bmp ico cur avif "
    "woff woff2 ttf otf eot "
    "mp4 m4v webm ogv mov mp3 m4a ogg oga wav aac "
    "pdf rtf doc docx xls xlsx ppt pptx pps ppsx odt ods odp"
)
# Made for other programs: schemas, Flash, sources. The rest of the package does without.
SKIPPED = _endings(
    "xsd dtd xsl xslt swf flv f4v fla as map ts scss less psd ai bak tmp log ini db url "
    "appcache webmanifest lock manifest properties story cptx elp elpx xmp scc eslintrc gitignore",
    "",
)
# What servers or desks would run; nobody's lesson needs it, and it must not lie in our storage.
PROGRAMS = _endings(
    "php php3 php4 php5 php7 phtml phar jsp jspx asp aspx ashx asmx cgi pl py pyc rb sh bash bat cmd "
    "com exe dll so msi scr vbs vbe ps1 hta jar war class apk dmg app lnk reg wsf cfm shtml htaccess"
)


def kept_names(names: Iterable[str]) -> list[str]:
    """The files to be kept, in their order; raises Refused for the first one that nobody should bring."""
    listed = list(names)
    for name in listed:
        ending = _ending(name)
        if ending in PROGRAMS:
            raise Refused("program", name)
        if ending not in KEPT | SKIPPED:
            raise Refused("type", name, ending=ending)
    return [name for name in listed if _ending(name) in KEPT]


def _ending(name: str) -> str:
    """Of `.htaccess` too, which is an ending without a name."""
    last = name.rpartition("/")[2]
    return last[1:].lower() if last.startswith(".") and "." not in last[1:] else ending_of(name)
