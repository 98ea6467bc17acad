"""How the words of the courses are read aloud by a speech synthesiser."""

import re

# Words that the synthesiser misreads, spelt in pinyin with tone numbers.
READINGS: dict[str, str] = {
    "地": "di4",
    "不得": "bu4 de2",
    "调整": "tiao2 zheng3",
    "调解": "tiao2 jie3",
    "商量": "shang1 liang2",
    "丈量": "zhang4 liang2",
    "徒长": "tu2 zhang3",
    "发不了": "fa1 bu4 liao3",
    "处理": "chu3 li3",
    "村干部": "cun1 gan4 bu4",
    "不要": "bu2 yao4",
    "不晃": "bu2 huang4",
    "一般": "yi4 ban1",
    "一次": "yi2 ci4",
    "一个": "yi2 ge4",
    "一处": "yi2 chu4",
    "一定": "yi2 ding4",
    "一点": "yi4 dian3",
    "倒下": "dao3 xia4",
    "切口": "qie1 kou3",
    "切面": "qie1 mian4",
    "涂改": "tu2 gai3",
    "财务": "cai2 wu4",
}


def spoken(text: str) -> str:
    """Return the text as the synthesiser should be given it, misread words spelt out."""
    for word, reading in READINGS.items():
        text = text.replace(word, f" {reading} ")
    return re.sub(r"[“”（）]", "", text)
