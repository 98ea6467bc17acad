"""Courses on growing wheat, apples and yam, and on selling them."""

from lms.demo.courses.shapes import EVERYBODY, Article, Course, Film, Slide, Topic

WHEAT_AND_APPLES = Course(
    slug="wheat-and-apples",
    title="小麦与苹果实用技术",
    summary=("一喷三防怎样喷到点子上，花果怎样疏、果园一年怎样管。内容来自地里的活，讲得简单，拿来就能用。"),
    topic=Topic.FARMING,
    is_required=False,
    roles=EVERYBODY,
    lessons=(
        Film(
            slug="wheat-spraying",
            title="小麦一喷三防",
            summary="一次混合喷施，防病虫、防干热风、防早衰。",
            seconds=29,
            slides=(
                Slide(heading="防什么", points=("防病虫，防干热风", "防早衰，增粒重")),
                Slide(heading="什么时候喷", points=("抽穗到灌浆期", "选无风晴天的早晚")),
                Slide(heading="怎么配", points=("按标签用量，二次稀释", "先试一小片，再大面积喷")),
                Slide(heading="注意安全", points=("戴口罩手套，不逆风喷", "喷后遇雨要及时补")),
            ),
        ),
        Film(
            slug="apple-thinning",
            title="苹果疏花疏果",
            summary="留中心果、留单果、留好距离。",
            seconds=27,
            slides=(
                Slide(heading="为什么疏", points=("果少个大，品质好", "防止大小年")),
                Slide(heading="什么时候疏", points=("先疏花，后定果", "谢花后一个月内定完")),
                Slide(heading="怎样留", points=("留中心果，留单果", "两个果相隔二十多厘米")),
                Slide(heading="去掉哪些", points=("病果、小果、畸形果", "朝天果和过密的果")),
            ),
        ),
        Article(
            slug="orchard-year",
            title="果园一年的活",
            summary="按季节排一张苹果园的农事表。",
            body=(
                (
                    "paragraph",
                    (
                        "管苹果园，早一步主动，晚一步被动。各地物候早晚不同，下面按季节说，"
                        "具体日子要看自家园子的花和果。"
                    ),
                ),
                ("heading", "冬季：修剪和清园"),
                (
                    "paragraph",
                    (
                        "落叶以后到发芽以前修剪，先去病枝、枯枝、密枝，再开光路，做到枝枝见光。"
                        "大伤口及时涂保护剂。剪下的病枝、落叶、僵果清出园外处理，减少来年的病虫。"
                    ),
                ),
                ("heading", "春季：防冻、授粉、疏花"),
                (
                    "list",
                    (
                        "发芽前刮治腐烂病，刮净病皮，刮面涂药；",
                        "看天气预报，花期有霜冻时，提前灌水或者按技术员指导做好防护；",
                        "放蜂或者人工授粉，花期不打对蜜蜂有害的药；",
                        "先疏花，再疏果，一个花序留一个果。",
                    ),
                ),
                ("heading", "夏季：套袋、排水、防病"),
                (
                    "paragraph",
                    (
                        "定果以后套袋。套袋前一两天打一遍杀菌杀虫药，药液干了再套，袋口扎严。"
                        "雨水多的时候及时排水，行间的草割倒盖在地上，既保墒又养地。看到早期落叶病，"
                        "要早防早治。"
                    ),
                ),
                ("heading", "秋季：摘袋、采收、施肥"),
                (
                    "paragraph",
                    (
                        "摘袋一般在采收前半个月左右，分两次摘，先外袋后内袋，避开中午的烈日，"
                        "防止日灼。分批采收，轻拿轻放。"
                    ),
                ),
                (
                    "paragraph",
                    (
                        "采收以后尽早施基肥，以腐熟的有机肥为主，沿树冠外缘开沟施入，浇一次透水。"
                        "秋施基肥早，来年花芽壮。入冬前树干涂白，防冻防虫。"
                    ),
                ),
                ("heading", "用药三条规矩"),
                (
                    "list",
                    (
                        "只买有登记证的农药，看清标签上能用在什么作物上；",
                        "记下日期、药名、用量，建好农事记录；",
                        "过了安全间隔期才能采收。",
                    ),
                ),
            ),
        ),
    ),
)

PINGYAO_YAM = Course(
    slug="pingyao-yam",
    title="平遥长山药栽培",
    summary=(
        "平遥长山药是地理标志农产品，条长、肉细、味甘。这门课从选地、开沟讲到搭架、"
        "收获和贮藏，种过的能对照，没种过的能入门。"
    ),
    topic=Topic.FARMING,
    is_required=False,
    roles=EVERYBODY,
    lessons=(
        Film(
            slug="yam-planting",
            title="选地、开沟、下种",
            summary="地要深、土要松、种要好。",
            seconds=28,
            slides=(
                Slide(heading="选好地", points=("土层深厚的沙壤土", "排水好，不连作")),
                Slide(heading="开深沟", points=("沟深一米上下", "捡净石块，把土填松")),
                Slide(heading="备好种", points=("选粗壮无病的栽子", "切口蘸草木灰，晾干")),
                Slide(heading="适时种", points=("谷雨前后，地温上来再种", "芽头朝一个方向摆")),
            ),
        ),
        Film(
            slug="yam-trellis",
            title="搭架与田间管理",
            summary="架要稳、水要巧、草要勤除。",
            seconds=27,
            slides=(
                Slide(heading="早搭架", points=("苗高一尺就插架", "架子绑牢，防风刮倒")),
                Slide(heading="巧浇水", points=("前期少浇，防止徒长", "块茎膨大期保持湿润")),
                Slide(heading="防积水", points=("雨后马上排水", "积水容易烂根")),
                Slide(heading="勤除草", points=("浅锄，不伤根", "看到病叶及时处理")),
            ),
        ),
        Article(
            slug="yam-harvest",
            title="长山药的收获与贮藏",
            summary="收得完整，存得住，才卖得上价。",
            body=(
                (
                    "paragraph",
                    ("长山药埋得深、长得细，一断就掉价。种的功夫七分，收的功夫三分，收和存都要细致。"),
                ),
                ("heading", "什么时候收"),
                (
                    "paragraph",
                    (
                        "霜降前后，地上的茎叶枯黄，就可以开始收。不急着卖的，可以在地里多留些日子，"
                        "但要赶在土地封冻以前收完；也有人留到第二年开春再收，要防冻、防积水。"
                        "收以前先拆架、割蔓，把掉在地上的零余子（山药豆）捡起来，可以吃，"
                        "也可以育苗。"
                    ),
                ),
                ("heading", "怎样收不断条"),
                (
                    "list",
                    (
                        "从地头一端挖起，先挖出一道深沟；",
                        "顺着山药往下，把两边的土轻轻剔开；",
                        "露出大半以后，一手托上部，一手托下部，慢慢取出；",
                        "不要硬拔，不要碰破皮。",
                    ),
                ),
                (
                    "paragraph",
                    (
                        "沟挖得深，人在沟里干活要当心塌方：沟边不堆重土，一个人不单独下深沟，"
                        "雨后土软不下沟。用机械开沟收获的，让机手先看清地块，人离机械远一些。"
                    ),
                ),
                ("heading", "收完怎么放"),
                (
                    "paragraph",
                    (
                        "先在通风处晾几天，等表皮和断口干了再存。挑出有伤、有病的先吃先卖。"
                        "存放的地方要阴凉、通风、不上冻，温度以四五度为宜。"
                        "可以在窖里一层沙一层山药码起来，沙子微潮就行，太湿容易烂。"
                        "每隔半个月翻看一次，坏的及时拣出来。"
                    ),
                ),
                ("heading", "留好种，养好地"),
                (
                    "paragraph",
                    (
                        "收的时候就把明年的栽子选好：挑条形直、没有病的，把上端带芽的一段留下来，"
                        "断面晾干，单独存放。同一块地不要年年种，最好隔三年以上再种，中间换种小麦、"
                        "玉米一类的作物，病害会轻很多。"
                    ),
                ),
                ("heading", "两点提醒"),
                (
                    "list",
                    (
                        "山药的黏液会让皮肤发痒，削皮、切栽子时戴上手套；",
                        "山药是食品，卖的时候不能说能治病。",
                    ),
                ),
            ),
        ),
    ),
)

SELLING_ONLINE = Course(
    slug="selling-online",
    title="电商助农",
    summary=(
        "好东西要卖出好价钱，照片要真、包装要牢、说话要有数。"
        "这门课讲怎样拍好一张产品照片，怎样把货稳稳当当发出去。"
    ),
    topic=Topic.COMMERCE,
    is_required=False,
    roles=("DEPUTY_DIRECTOR", "COMMITTEE_MEMBER", "RESERVE", "FIRST_SECRETARY", "GRADUATE"),
    lessons=(
        Film(
            slug="product-photos",
            title="用手机拍好产品照片",
            summary="光线、背景、真实，三样都不难。",
            seconds=28,
            slides=(
                Slide(heading="光线要亮", points=("靠窗，用自然光", "不开闪光灯")),
                Slide(heading="背景要净", points=("一块素布就够", "东西摆正，不要杂乱")),
                Slide(heading="角度要全", points=("拍整体，也拍切面", "旁边放把尺子比大小")),
                Slide(heading="样子要真", points=("发什么货，拍什么货", "不修成另一个样子")),
            ),
        ),
        Film(
            slug="packing-and-promises",
            title="发好货，说实话",
            summary="包装、发货、售后和几条不能碰的线。",
            seconds=29,
            slides=(
                Slide(heading="包装要牢", points=("一个一个隔开垫好", "装好摇一摇，不晃才行")),
                Slide(heading="发货要快", points=("说几天发，就几天发", "发不了，先告诉买家")),
                Slide(heading="售后要诚", points=("坏了就赔，不争吵", "问题记下来，下次改")),
                Slide(heading="说话要实", points=("普通食品不说能治病", "产地是哪里就写哪里")),
            ),
        ),
    ),
)

COURSES = (WHEAT_AND_APPLES, PINGYAO_YAM, SELLING_ONLINE)
