"""Courses on land, homesteads and a clean village."""

from lms.demo.courses.shapes import COMMITTEES, EVERYBODY, Article, Course, Film, Slide, Topic

LAND_POLICY = Course(
    slug="land-policy",
    title="土地承包与宅基地政策",
    summary=(
        "土地是农民的命根子，政策要讲准、程序要走全。这门课讲承包地的几条底线、"
        "宅基地审批的步骤，并用问答的形式讲第二轮土地承包到期后再延长三十年。"
    ),
    topic=Topic.LAND,
    is_required=True,
    roles=(*COMMITTEES, "FIRST_SECRETARY", "GRADUATE"),
    lessons=(
        Film(
            slug="contracted-land",
            title="承包地的几条底线",
            summary="不随意收回、不随意调整、不改变农业用途。",
            seconds=30,
            slides=(
                Slide(heading="保护承包权", points=("承包期内不得违法收回", "也不得随意调整")),
                Slide(heading="流转靠自愿", points=("转不转由农户自己定", "收益归承包农户")),
                Slide(heading="合同要写清", points=("面积、期限、价款、用途", "签好以后向村里备案")),
                Slide(heading="用途不能变", points=("农地农用", "不准占耕地乱建房")),
            ),
        ),
        Film(
            slug="homestead-approval",
            title="宅基地审批怎么走",
            summary="从农户申请到建成验收，三次到现场。",
            seconds=34,
            slides=(
                Slide(heading="农户申请", points=("一户只能有一处宅基地", "面积不超过省里的标准")),
                Slide(heading="村里审查", points=("村民小组讨论并公示", "村里审查后报乡镇")),
                Slide(heading="乡镇审批", points=("由乡镇政府审核批准", "占用农用地先办转用手续")),
                Slide(
                    heading="三到场",
                    points=("申请审查到场", "批准后丈量批放到场", "住宅建成后核查到场"),
                ),
            ),
        ),
        Article(
            slug="thirty-more-years",
            title="二轮延包，群众常问的六个问题",
            summary="第二轮土地承包到期后再延长三十年，怎么向群众解释。",
            body=(
                (
                    "paragraph",
                    (
                        "第二轮土地承包到期后再延长三十年，群众最关心的是自家的地会不会变。"
                        "下面六个问题，是入户时常常被问到的。回答的时候，讲政策原话，不随意发挥。"
                    ),
                ),
                ("heading", "一问：延包是不是要打乱重分"),
                (
                    "paragraph",
                    (
                        "不是。延包坚持“大稳定、小调整”，确保绝大多数农户原有承包地保持稳定、"
                        "顺利延包，不得打乱重分。"
                    ),
                ),
                ("heading", "二问：为什么是到期后再延长"),
                (
                    "paragraph",
                    (
                        "各村二轮承包开始的年份不一样，到期的年份也不一样。哪一年到期，"
                        "就从到期之后接着延长三十年，中间不断档。具体时间听县乡的统一安排。"
                    ),
                ),
                ("heading", "三问：家里人口变了怎么办"),
                (
                    "paragraph",
                    (
                        "承包以家庭为单位，人口增减一般不影响已有的承包地。个别确有困难需要调整的，"
                        "要依照法律和政策规定的条件和程序办，村里不能自己定一套。"
                    ),
                ),
                ("heading", "四问：进城落户了，地还在不在"),
                (
                    "paragraph",
                    (
                        "国家保护进城农户的土地承包经营权，不得以退出土地承包经营权作为农户进城落"
                        "户的条件。愿意自己种、愿意流转，都由农户自己做主。"
                    ),
                ),
                ("heading", "五问：地已经流转出去了怎么办"),
                (
                    "paragraph",
                    (
                        "延包是和承包农户签合同，不是和流转大户签。流转合同没到期的，双方按合同办；"
                        "流转期限不得超过承包期的剩余期限，到期以后要不要续，由双方商量。"
                    ),
                ),
                ("heading", "六问：村里要做哪些事"),
                (
                    "list",
                    (
                        "把政策讲到每一户，外出的打电话、发微信；",
                        "摸清承包地的底数，有争议的先调解；",
                        "方案按民主程序讨论，结果公示；",
                        "签好合同，资料归档，配合办好登记。",
                    ),
                ),
                (
                    "paragraph",
                    (
                        "遇到答不上来的，就说“我记下来，问清楚再答复您”，并在约定的日子回话。"
                        "说准一句，胜过说错十句。"
                    ),
                ),
            ),
        ),
    ),
)

CLEAN_VILLAGE = Course(
    slug="clean-village",
    title="农村人居环境整治",
    summary=(
        "院里院外干净，日子过着舒心。这门课讲农村厕所怎样正确使用和管护，以及怎样让村庄清洁一直坚持下去。"
    ),
    topic=Topic.ENVIRONMENT,
    is_required=False,
    roles=EVERYBODY,
    lessons=(
        Film(
            slug="three-chamber-toilet",
            title="三格化粪池怎么用",
            summary="看懂三个格子，用好管好不返臭。",
            seconds=29,
            slides=(
                Slide(heading="第一格", points=("接住粪污，沉淀发酵", "不进厨房水和洗澡水")),
                Slide(heading="第二格", points=("继续发酵，杀灭虫卵", "平时盖严，不要打开")),
                Slide(heading="第三格", points=("存放处理好的粪液", "还田从这一格取用")),
                Slide(heading="记住安全", points=("不下池，不点明火", "清掏请专业的人来做")),
            ),
        ),
        Article(
            slug="keeping-it-clean",
            title="让村庄一直干净下去",
            summary="突击一天容易，天天干净要靠办法。",
            body=(
                (
                    "paragraph",
                    (
                        "搞一次大扫除不难，难的是过了一个月还干净。村庄清洁行动讲“三清一改”："
                        "清理农村生活垃圾，清理村内塘沟，清理畜禽养殖粪污等农业生产废弃物，"
                        "改变影响农村人居环境的不良习惯。前三清靠干，最后一改靠长久的办法。"
                    ),
                ),
                ("heading", "分片到人，活儿看得见"),
                (
                    "paragraph",
                    (
                        "把全村分成几片，每片有一名干部和一名保洁员负责，图贴在公开栏上。"
                        "保洁员什么时间扫、垃圾桶几天清一次，写得清清楚楚。工钱按时发，"
                        "发了多少也公开。"
                    ),
                ),
                ("heading", "垃圾怎么分，说得越简单越好"),
                (
                    "list",
                    (
                        "会烂的：菜叶、剩饭、果皮，能沤肥的沤肥；",
                        "能卖的：纸箱、瓶子、废铁，攒起来卖；",
                        "有害的：废灯管、过期药、农药瓶，单独放，交到指定的地方；",
                        "剩下的：扔进垃圾桶，统一运走。",
                    ),
                ),
                (
                    "paragraph",
                    ("农药瓶和农药袋不能随手丢在地头，要交回经营门店或者回收点。秸秆和垃圾都不要露天焚烧。"),
                ),
                ("heading", "门前屋后，家家有责"),
                (
                    "paragraph",
                    (
                        "把门前三包写进村规民约，由村民自己商量标准：包卫生、包绿化、包秩序。"
                        "老人独居的户，由志愿者帮着收拾。评比重在鼓励和帮助，先进的户说说经验，"
                        "有困难的户派人帮，不要搞当众难堪的那一套。"
                    ),
                ),
                ("heading", "干部先做到"),
                (
                    "paragraph",
                    (
                        "干部家门口干净，说话才有分量。每月定一天一起动手，"
                        "干完在现场听一听群众的意见：哪里的桶不够，哪条沟又堵了，记下来，"
                        "下个月先办这几件。事情办了，大家就愿意跟着干。"
                    ),
                ),
            ),
        ),
    ),
)

COURSES = (LAND_POLICY, CLEAN_VILLAGE)
