import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from accounts.signin import devices
from tests.accounts.signin.doors import CHROME, IPHONE, WECHAT


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "Chrome on an Android phone"),
        (WECHAT, "WeChat on an Android phone"),
        (IPHONE, "Safari on iPhone"),
        (IPHONE.replace("Safari", "MicroMessenger/8.0 Safari"), "WeChat on iPhone"),
        (CHROME.replace("Android 9", "Android 9; HarmonyOS"), "Chrome on a HarmonyOS phone"),
        (CHROME + " HuaweiBrowser/13.0", "Huawei browser on an Android phone"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit Chrome/120 Safari/537 Edg/120",
            "Edge on a Windows computer",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/17 Safari/605", "Safari on a Mac computer"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0",
            "Firefox on a Linux computer",
        ),
        ("curl/8", "A device that does not say what it is"),
        ("", "A device that does not say what it is"),
    ],
)
def test_device_is_named_in_words_that_its_owner_knows(agent: str, words: str) -> None:
    with override("en"):
        assert devices.named(agent) == words


@given(st.text())
def test_whatever_a_browser_calls_itself_has_words(agent: str) -> None:
    assert devices.named(agent)
