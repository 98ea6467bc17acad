"""Invented people: names of Shanxi, telephones that are nobody's, ID numbers that only add up."""

from dataclasses import dataclass
from random import Random

from accounts.identity import check_digit

# Surnames of the region, with how common each is.
SURNAMES = {
    "王": 90, "李": 78, "张": 74, "郭": 52, "梁": 46, "侯": 38, "冀": 36, "雷": 34,
    "武": 32, "霍": 28, "曹": 26, "段": 26, "范": 24, "郝": 24, "刘": 40, "赵": 34,
    "任": 22, "温": 20, "裴": 16, "毛": 16, "程": 18, "庞": 12, "阎": 14, "马": 18,
    "董": 16, "安": 12, "田": 14, "许": 12, "孔": 10, "宋": 14, "杨": 20, "韩": 14,
    "吴": 12, "邓": 10, "成": 10, "薛": 12, "尹": 8, "史": 10, "岳": 8, "闫": 12,
    "令狐": 5, "欧阳": 3, "尉迟": 2, "上官": 2, "皇甫": 2, "司马": 2,
}  # fmt: skip


@dataclass(frozen=True)
class Style:
    """The characters that a generation likes in its children's names."""

    first: str
    second: str
    alone: str


OLDER_MEN = Style("建国志德福玉文永金保润海俊树天秉光世长连守", "军平生明华林忠义旺柱贵亮山虎成喜", "勇强军")
YOUNGER_MEN = Style("志晓俊鹏浩子宇文建海瑞晨凯永少", "飞杰宇轩涛波磊超阳龙勇伟斌峰刚", "磊涛斌鹏飞凯")
OLDER_WOMEN = Style("秀桂玉翠凤爱春月淑变改巧润金美", "英兰花莲梅珍仙香娥萍琴芳叶", "英萍琴")
YOUNGER_WOMEN = Style("晓雅丽慧佳欣婷思雪海艳红", "芳娟敏静霞燕楠蓉洁颖琴玲", "丽敏静燕娟婷")

OLDER = 54

# Characters outside GB 2312 that stand in real people's names.
RARE = ("堃", "喆", "昇", "旻", "䶮")

PHONE_STARTS = ("130", "135", "138", "150", "152", "158", "180", "186", "188")


def name(random: Random, *, is_woman: bool, age: int) -> str:
    """A name as people of that age have it; about one in nine has a single given character."""
    surname = random.choices(list(SURNAMES), list(SURNAMES.values()))[0]
    if is_woman:
        style = OLDER_WOMEN if age >= OLDER else YOUNGER_WOMEN
    else:
        style = OLDER_MEN if age >= OLDER else YOUNGER_MEN
    if random.random() < 0.11:
        return surname + random.choice(style.alone)
    first = random.choice(style.first)
    return surname + first + random.choice(style.second.replace(first, ""))


def phone(serial: int) -> str:
    """A mobile number with four zeros in its middle, so that nobody takes it for a real one."""
    return f"{PHONE_STARTS[serial % len(PHONE_STARTS)]}0000{serial:04d}"


def identity(random: Random, *, is_woman: bool, birth_year: int, serial: int) -> str:
    """An ID number of the county with a right check digit; the place in the day tells the sex."""
    born = f"{birth_year}{random.randint(1, 12):02d}{random.randint(1, 28):02d}"
    place = serial % 500 * 2 + (0 if is_woman else 1)
    body = f"140728{born}{place:03d}"
    return body + check_digit(body)
