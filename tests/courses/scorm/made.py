"""SCORM packages made by the tests: small objects that really play, in both standards.

`single()` is one object with a place, notes, points and ends to choose from; `several()` has two of them and
a page without calls, in a nested menu; `without_organisation()` lists resources alone. Each gives bytes;
`files` puts more into the archive, `manifest` replaces its manifest.
"""

import io
import zipfile
from collections.abc import Mapping

NAMESPACES = {
    "1.2": 'xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" '
    'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"',
    "2004": 'xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" '
    'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss"',
}
EDITIONS = {"1.2": "1.2", "2004": "2004 4th Edition"}
SCO_TYPE = {"1.2": "adlcp:scormtype", "2004": "adlcp:scormType"}

# Buttons for everything that an object says; what it was given back stands in the text of its page.
OBJECT = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Object</title></head>
<body>
<h1 id="title"></h1>
<p id="given"></p>
<button id="on">Next place</button>
<button id="note">Note</button>
<button id="good">80 points</button>
<button id="bad">30 points</button>
<button id="done">Done</button>
<button id="suspend">Suspend</button>
<button id="exit">Exit</button>
<button id="continue">Exit to the next</button>
<script src="object.js"></script>
</body>
</html>
"""
SCRIPT = """
function found(name) {
  var win = window;
  while (!win[name] && win.parent && win.parent !== win) win = win.parent;
  return win[name] || null;
}
var old = found('API'), api = old || found('API_1484_11'), ended = false;
function get(name) { return old ? api.LMSGetValue(name) : api.GetValue(name); }
function set(name, value) { return old ? api.LMSSetValue(name, value) : api.SetValue(name, value); }
function commit() { return old ? api.LMSCommit('') : api.Commit(''); }
function end() {
  if (ended) return;
  ended = true;
  if (old) api.LMSFinish(''); else api.Terminate('');
}
var n = old ? {
  place: 'cmi.core.lesson_location', status: 'cmi.core.lesson_status', success: 'cmi.core.lesson_status',
  raw: 'cmi.core.score.raw', min: 'cmi.core.score.min', max: 'cmi.core.score.max', exit: 'cmi.core.exit',
  time: 'cmi.core.session_time', total: 'cmi.core.total_time', entry: 'cmi.core.entry',
  name: 'cmi.core.student_name', id: 'cmi.core.student_id', mastery: 'cmi.student_data.mastery_score'
} : {
  place: 'cmi.location', status: 'cmi.completion_status', success: 'cmi.success_status',
  raw: 'cmi.score.raw', min: 'cmi.score.min', max: 'cmi.score.max', exit: 'cmi.exit',
  time: 'cmi.session_time', total: 'cmi.total_time', entry: 'cmi.entry',
  name: 'cmi.learner_name', id: 'cmi.learner_id', mastery: 'cmi.scaled_passing_score'
};
if (old) api.LMSInitialize(''); else api.Initialize('');
if (get(n.status) === 'not attempted' || get(n.status) === 'unknown') set(n.status, 'incomplete');
document.getElementById('title').textContent = location.search.slice(1) || 'Object';
function tell() {
  document.getElementById('given').textContent = JSON.stringify({
    place: get(n.place), notes: get('cmi.suspend_data'), status: get(n.status), success: get(n.success),
    raw: get(n.raw), total: get(n.total), entry: get(n.entry), name: get(n.name), id: get(n.id),
    launch: get('cmi.launch_data'), mastery: get(n.mastery)
  });
}
function points(number) {
  set(n.raw, String(number)); set(n.min, '0'); set(n.max, '100');
  if (!old) { set('cmi.score.scaled', String(number / 100)); set(n.status, 'completed'); }
  set(n.success, number >= 60 ? 'passed' : 'failed');
}
var acts = {
  on: function () { set(n.place, String(Number(get(n.place) || 0) + 1)); },
  note: function () { set('cmi.suspend_data', 'notes:' + 'x'.repeat(3000)); },
  good: function () { points(80); },
  bad: function () { points(30); },
  done: function () { set(n.status, 'completed'); },
  suspend: function () { set(n.exit, 'suspend'); end(); },
  exit: function () { if (!old) set('adl.nav.request', 'exit'); end(); },
  'continue': function () { if (!old) set('adl.nav.request', 'continue'); end(); }
};
Object.keys(acts).forEach(function (id) {
  document.getElementById(id).addEventListener('click', function () {
    acts[id]();
    if (!ended) { commit(); tell(); }
  });
});
tell();
window.addEventListener('unload', function () {
  if (ended) return;
  set(n.time, old ? '0000:00:30' : 'PT30S');
  set(n.exit, 'suspend');
  end();
});
"""
PAGE = "<!doctype html><html lang='en'><meta charset='utf-8'><title>Page</title><h1>A page without calls</h1>"
FILES = {"object.html": OBJECT, "object.js": SCRIPT, "page.html": PAGE}


def manifest(standard: str, organisations: str, resources: str, *, inside: str = "") -> str:
    """A manifest of the parts given, in the standard's namespaces."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><manifest identifier="made" {NAMESPACES[standard]}>'
        f"<metadata><schema>ADL SCORM</schema><schemaversion>{EDITIONS[standard]}</schemaversion></metadata>"
        f"{organisations}<resources>{resources}</resources>{inside}</manifest>"
    )


def organisation(items: str, title: str = "Made") -> str:
    return (
        f'<organizations default="org"><organization identifier="org"><title>{title}</title>{items}'
        "</organization></organizations>"
    )


def item(name: str, resource: str = "", *, title: str = "", inside: str = "", more: str = "") -> str:
    refers = f' identifierref="{resource}"' if resource else ""
    return f'<item identifier="{name}"{refers} {more}><title>{title or name}</title>{inside}</item>'


def resource(
    standard: str, name: str, href: str = "object.html", *, kind: str = "sco", more: str = ""
) -> str:
    target = f' href="{href}"' if href else ""
    kinds = f'{SCO_TYPE[standard]}="{kind}"'
    return f'<resource identifier="{name}" type="webcontent" {kinds}{target} {more}/>'


def sequenced(inside: str) -> str:
    """What an item of SCORM 2004 asks of its sequence."""
    return f"<imsss:sequencing>{inside}</imsss:sequencing>"


def mastery(standard: str, points: int) -> str:
    """What an item asks for, out of 100."""
    if standard == "1.2":
        return f"<adlcp:masteryscore>{points}</adlcp:masteryscore>"
    return (
        '<imsss:sequencing><imsss:objectives><imsss:primaryObjective satisfiedByMeasure="true">'
        f"<imsss:minNormalizedMeasure>{points / 100}</imsss:minNormalizedMeasure>"
        "</imsss:primaryObjective></imsss:objectives></imsss:sequencing>"
    )


def launch_data(standard: str, text: str) -> str:
    name = "adlcp:datafromlms" if standard == "1.2" else "adlcp:dataFromLMS"
    return f"<{name}>{text}</{name}>"


def single(standard: str = "1.2", *, points: int | None = None, **more: str) -> bytes:
    """One object, perhaps with a mastery score."""
    inside = launch_data(standard, "from the manifest")
    if points is not None:
        inside += mastery(standard, points)
    items = organisation(item("one", "r1", title="Flood warning", inside=inside), title="Before the flood")
    return packed(manifest(standard, items, resource(standard, "r1")), more)


def several(standard: str = "1.2", **more: str) -> bytes:
    """Two objects below a heading, and a page after them."""
    inner = item("first", "r1", title="Warn", more='parameters="?first"')
    inner += item("second", "r1", title="Leave", more='parameters="?second"')
    items = item("chapter", title="When it rains", inside=inner) + item("page", "r2", title="Read")
    told = resource(standard, "r1") + resource(standard, "r2", "page.html", kind="asset")
    return packed(manifest(standard, organisation(items), told), more)


def without_organisation(standard: str = "1.2") -> bytes:
    return packed(manifest(standard, "<organizations/>", resource(standard, "r1")), {})


def packed(told: str | bytes, files: Mapping[str, str | bytes] | None = None) -> bytes:
    """An archive with a manifest, the files that objects need, and more files by their paths."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"imsmanifest.xml": told, **FILES, **(files or {})}.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # the same in each call
    return target.getvalue()
