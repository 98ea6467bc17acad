"""Courses on how a village decides, opens its books and settles quarrels."""

from lms.demo.courses.papers import ARCHIVES
from lms.demo.courses.shapes import COMMITTEES, Article, Course, Film, Quiz, Scorm, Slide, Topic

VILLAGE_MEETINGS = Course(
    slug="village-meetings",
    title="村级组织运转与民主议事",
    summary=(
        "村里的大事怎么提、怎么议、怎么定、怎么记。学完这门课，您能按“四议两公开”"
        "的步骤把一件事从头办到尾，会开好一次村民代表会议，"
        "会写一份经得起查的会议记录。"
    ),
    topic=Topic.GOVERNANCE,
    is_required=True,
    roles=COMMITTEES,
    lessons=(
        Film(
            slug="four-steps",
            title="四议两公开怎么走",
            summary="一件村里的大事，从提出到办完要走哪几步。",
            seconds=35,
            slides=(
                Slide(heading="先提议", points=("村党组织提出初步意见", "提前听听群众的想法")),
                Slide(heading="再商议", points=("两委会议逐条商量", "不同意见如实记下")),
                Slide(heading="后审议", points=("党员大会认真审议", "有补充的及时补充")),
                Slide(heading="作决议", points=("村民会议或代表会议表决", "到会人员过半数同意才通过")),
                Slide(heading="两公开", points=("决议要公开", "实施结果也要公开")),
            ),
        ),
        Film(
            slug="meeting-minutes",
            title="会议记录怎么写",
            summary="记录写得全，事情才说得清。",
            seconds=27,
            slides=(
                Slide(heading="写全", points=("时间、地点、主持人", "应到几人，实到几人")),
                Slide(heading="写实", points=("谁发言，说了什么", "反对意见也要写上")),
                Slide(heading="写准", points=("赞成、反对、弃权各几票", "最后定了什么")),
                Slide(heading="存好", points=("参会人核对签名", "原件归档，不能涂改")),
            ),
        ),
        Article(
            slug="council-meeting",
            title="开好一次村民代表会议",
            summary="会前、会中、会后各做什么，一条一条说清楚。",
            body=(
                (
                    "paragraph",
                    (
                        "村民代表会议是村里议大事的地方。会开得好，事情好办，群众服气；会开得潦草，"
                        "事后容易扯皮。开好这个会，功夫要下在会前、会中、会后三个环节。"
                    ),
                ),
                ("heading", "会前：让大家知道议什么"),
                (
                    "paragraph",
                    (
                        "议题要少而实，一次会议议一两件事就好。提前几天把议题、"
                        "方案和有关账目送到每位代表手里，让代表先去问问自己联系的农户，"
                        "把意见带到会上来。"
                    ),
                ),
                (
                    "list",
                    (
                        "通知写清时间、地点、议题；",
                        "方案写清做什么、花多少钱、钱从哪里来；",
                        "和议题有利害关系的人，提前说明，表决时回避。",
                    ),
                ),
                ("heading", "会中：让大家把话说完"),
                (
                    "paragraph",
                    (
                        "先清点人数。村民代表会议要有三分之二以上的组成人员参加方可召开，"
                        "所作决定应当经到会人员的过半数同意。人数不够，改日再开，不能凑合。"
                    ),
                ),
                (
                    "paragraph",
                    (
                        "主持人先把方案讲明白，再请代表逐个发言。有不同意见是正常的，不打断、"
                        "不抢话、不扣帽子。意见集中以后再表决，可以举手，也可以投票；"
                        "涉及具体人的事，投票更合适。票数当场清点，当场宣布。"
                    ),
                ),
                ("heading", "会后：让大家看到结果"),
                (
                    "paragraph",
                    (
                        "会议记录由参会代表核对后签名，原件归档。决议及时在公开栏张贴，"
                        "同时发到村民微信群，写上监督电话。事情办完以后，办得怎么样、钱花了多少，"
                        "还要再公开一次。代表回去要把结果告诉自己联系的农户，外出务工的也要通知到。"
                    ),
                ),
                (
                    "paragraph",
                    (
                        "最后提醒一句：会议的决定不能和法律、法规、国家政策相抵触，"
                        "也不能侵犯村民的人身权利、民主权利和合法财产权利。拿不准的事，"
                        "先向乡镇请教再上会。"
                    ),
                ),
            ),
        ),
        Quiz(slug="meetings-quiz", title="村级议事测一测", summary="六道题，十分钟，通过就记学时。"),
    ),
)

OPEN_AFFAIRS = Course(
    slug="open-village-affairs",
    title="村务公开",
    summary=(
        "公开什么、多久公开一次、贴出来群众看不看得懂，是村务公开的三个要点。"
        "这门课讲基本要求，也讲怎样把一张公开表做得明明白白。"
    ),
    topic=Topic.GOVERNANCE,
    is_required=True,
    roles=COMMITTEES,
    lessons=(
        Film(
            slug="what-to-publish",
            title="公开什么，多久一次",
            summary="一般事项按季度，财务往来多的按月，大事随时。",
            seconds=28,
            slides=(
                Slide(heading="一般事项", points=("至少每季度公布一次", "内容真实，接受查询")),
                Slide(heading="集体财务", points=("收支往来较多的", "应当每月公布一次")),
                Slide(heading="重大事项", points=("涉及村民切身利益", "应当随时公布")),
                Slide(heading="听取意见", points=("留下电话和意见箱", "有疑问及时答复")),
            ),
        ),
        Scorm(
            slug="open-affairs",
            title="村务公开四步走",
            summary="四页短课，一道思考题，随时停、随时接着学。",
            minutes=1,
            pass_percent=60,
        ),
        Article(
            slug="readable-notice-board",
            title="把公开栏办得人人看得懂",
            summary="一张好的公开表：大字、明细、有人答。",
            body=(
                (
                    "paragraph",
                    (
                        "有的村公开栏贴得满满当当，群众却说看不懂。公开不是贴给检查的人看的，"
                        "是给村民看的。把公开栏办好，记住六个字：看得见、看得懂。"
                    ),
                ),
                ("heading", "看得见"),
                (
                    "list",
                    (
                        "位置选在大家常走的地方，不要锁在院子里；",
                        "字要大，老人站在一步以外能看清；",
                        "纸张防雨，贴够规定的时间，换下来的存档；",
                        "外出的村民看不到公开栏，要同时发到村民微信群。",
                    ),
                ),
                ("heading", "看得懂"),
                (
                    "paragraph",
                    (
                        "收支要写明细，不能只写一个总数。比如“维修支出”四个字，群众看了心里没底；"
                        "写成“村东水渠清淤，人工六个，每个一百五十元，共九百元”，大家一看就明白。"
                    ),
                ),
                (
                    "paragraph",
                    (
                        "补贴、救助、项目这一类，要写清谁能享受、按什么标准、经过什么程序、"
                        "结果是什么。涉及个人的，只公开必要的内容，身份证号、银行卡号、"
                        "完整的手机号不能上墙，也不能发到群里。"
                    ),
                ),
                ("heading", "有人管，有人答"),
                (
                    "paragraph",
                    (
                        "每一期公开内容，先由村务监督委员会看一遍，核对票据和数字，再张贴。"
                        "公开栏上写清楚经办人是谁、向谁提意见、什么时候答复。"
                        "群众提出的问题逐条登记，能当场说清的当场说清；要查账的，约好时间，"
                        "拿出凭证一起看。"
                    ),
                ),
                (
                    "paragraph",
                    (
                        "答复也要公开。一个人问的问题，往往是许多人想问的。把问和答一起贴出来，"
                        "猜疑就少了，干部也清白了。每期公开的原稿、照片和群众意见，按时间装订，"
                        "换届时一并移交。"
                    ),
                ),
            ),
        ),
        ARCHIVES,
    ),
)

MEDIATION = Course(
    slug="settling-quarrels",
    title="矛盾纠纷调解",
    summary=(
        "邻里之间的小事，早发现、早调解，就不会变成大事。"
        "这门课讲人民调解的基本步骤和一个宅院滴水纠纷的调解过程，"
        "适合两委干部和网格员。"
    ),
    topic=Topic.GOVERNANCE,
    is_required=False,
    roles=(*COMMITTEES, "GRID_WORKER", "FIRST_SECRETARY"),
    lessons=(
        Film(
            slug="five-steps-of-mediation",
            title="调解五步走",
            summary="先稳住，再听清，查明白，劝到位，写下来。",
            seconds=30,
            slides=(
                Slide(heading="先稳住", points=("把双方分开坐", "防止话赶话动手")),
                Slide(heading="再听清", points=("两边分别听完", "不急着评对错")),
                Slide(heading="查明白", points=("到现场看一看", "向邻居问一问")),
                Slide(heading="劝到位", points=("讲法律，讲情理", "自愿商量，不强压")),
                Slide(heading="写下来", points=("签好调解协议", "过几天再去回访")),
            ),
        ),
        Article(
            slug="eaves-water-quarrel",
            title="一起房檐滴水纠纷是怎样调好的",
            summary="从一件小事看调解的方法和法律依据。",
            body=(
                ("heading", "事情的起因"),
                (
                    "paragraph",
                    (
                        "张家翻修西房，新房檐往外伸了一截，下雨时水滴到李家院墙根，墙皮泡掉一片。"
                        "李家找上门，两家吵了起来，三个月不说话。（为讲课方便，人物是虚构的。）"
                    ),
                ),
                ("heading", "第一步，分头听"),
                (
                    "paragraph",
                    (
                        "网格员和调解员先后到两家坐了一晚。李家心疼的是墙，"
                        "更生气的是张家“招呼都不打一声”。张家说房檐没有出自己的地界，"
                        "觉得自己占理。听完就知道，心结比滴水大。"
                    ),
                ),
                ("heading", "第二步，到现场"),
                (
                    "paragraph",
                    (
                        "调解员请两家人一起量尺寸、看水路、拍照片。房檐确实没有越界，"
                        "但雨水直接落到了李家墙根，这也是事实。"
                    ),
                ),
                ("heading", "第三步，讲清法"),
                (
                    "paragraph",
                    (
                        "民法典规定，不动产的相邻权利人应当按照有利生产、方便生活、团结互助、"
                        "公平合理的原则，正确处理相邻关系；对自然流水的排放，应当尊重自然流向；"
                        "用水、排水时，应当尽量避免给相邻方造成损害。没有越界，"
                        "不等于可以把水排到别人墙上。"
                    ),
                ),
                ("heading", "第四步，给办法"),
                (
                    "list",
                    (
                        "张家在房檐下装一道檐沟，把水引到自家院里；",
                        "张家出料，李家出工，一起把墙根抹好；",
                        "以后谁家动工，提前告诉邻居一声。",
                    ),
                ),
                ("heading", "第五步，写下来"),
                (
                    "paragraph",
                    (
                        "双方同意后签了调解协议。经人民调解委员会调解达成的协议具有法律约束力，"
                        "双方认为有必要的，可以自协议生效之日起三十日内共同向人民法院申请司法确认。"
                        "人民调解不收任何费用。"
                    ),
                ),
                (
                    "paragraph",
                    (
                        "半个月后下了一场大雨，网格员又去看了一趟，墙根是干的。这一趟回访，"
                        "比多说十句话都管用。"
                    ),
                ),
            ),
        ),
    ),
)

COURSES = (VILLAGE_MEETINGS, OPEN_AFFAIRS, MEDIATION)
