"""What a browser calls itself, in words that its owner knows: WeChat on Android, Safari on iPhone."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The first that occurs says it: browsers name those that they descend from as well.
APPS: tuple[tuple[str, str | Promise], ...] = (
    ("wxwork/", gettext_lazy("WeCom")),
    ("MicroMessenger/", gettext_lazy("WeChat")),
    ("DingTalk/", gettext_lazy("DingTalk")),
    ("HuaweiBrowser/", gettext_lazy("Huawei browser")),
    ("MiuiBrowser/", gettext_lazy("Xiaomi browser")),
    ("HeyTapBrowser/", gettext_lazy("OPPO browser")),
    ("VivoBrowser/", gettext_lazy("vivo browser")),
    ("MQQBrowser/", gettext_lazy("QQ browser")),
    ("QQBrowser/", gettext_lazy("QQ browser")),
    ("Quark/", gettext_lazy("Quark browser")),
    ("UCBrowser/", gettext_lazy("UC browser")),
    ("baiduboxapp/", gettext_lazy("Baidu")),
    ("SamsungBrowser/", gettext_lazy("Samsung browser")),
    ("Edg", "Edge"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS: tuple[tuple[str, str | Promise], ...] = (
    ("HarmonyOS", gettext_lazy("a HarmonyOS phone")),
    ("OpenHarmony", gettext_lazy("a HarmonyOS phone")),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", gettext_lazy("an Android phone")),
    ("Windows", gettext_lazy("a Windows computer")),
    ("Macintosh", gettext_lazy("a Mac computer")),
    ("Linux", gettext_lazy("a Linux computer")),
)


def named(agent: str) -> str:
    """The device behind a user agent, as far as it can be told."""
    app, system = _first(agent, APPS), _first(agent, SYSTEMS)
    if app and system:
        return _("%(app)s on %(system)s") % {"app": app, "system": system}
    return app or system or _("A device that does not say what it is")


def _first(agent: str, table: tuple[tuple[str, str | Promise], ...]) -> str:
    return next((str(words) for mark, words in table if mark in agent), "")
