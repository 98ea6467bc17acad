"""Courses on floods and on fraud."""

from lms.demo.courses.papers import FLOOD_PLAN
from lms.demo.courses.shapes import EVERYBODY, Article, Audio, Course, Film, Interactive, Quiz, Slide, Topic

FLOOD_SAFETY = Course(
    slug="flood-safety",
    title="防汛与应急",
    summary=(
        "汛期最要紧的是人。这门课讲汛前查什么、危险来了怎样转移，并附一段可以在村里大喇叭上播的防汛广播。"
    ),
    topic=Topic.SAFETY,
    is_required=True,
    roles=EVERYBODY,
    lessons=(
        Film(
            slug="before-the-rain",
            title="汛前查什么",
            summary="四处隐患早发现，下雨才不慌。",
            seconds=26,
            slides=(
                Slide(heading="查山坡", points=("有没有裂缝和滚石", "坡下住了哪几户")),
                Slide(heading="查水路", points=("沟渠涵洞有没有堵", "坝体有没有渗水")),
                Slide(heading="查房屋", points=("土房窑洞有没有险情", "独居老人谁来帮")),
                Slide(heading="查准备", points=("广播、手电、雨具齐不齐", "转移路线熟不熟")),
            ),
        ),
        Film(
            slug="leave-early",
            title="二十秒记住转移避险",
            summary="短短二十秒，记住三句保命的话。",
            seconds=20,
            slides=(
                Slide(heading="早转移", points=("听到通知马上走",)),
                Slide(heading="往高走", points=("去高处，离开沟谷", "不趟急水，不回头取东西")),
                Slide(heading="等通知", points=("没有解除，不要回家",)),
            ),
        ),
        Audio(
            slug="flood-broadcast",
            title="防汛广播：下大雨，记住这几条",
            summary="可以在村里大喇叭上直接播放的一段话。",
            seconds=45,
            transcript=(
                "乡亲们，请注意。",
                "这几天雨水多，请大家记住这几条。",
                "第一，住在山坡下、河沟边、旧窑洞里的，听到通知，马上转移。",
                "第二，路上有急水，不要趟过去，开车也不要硬闯。",
                "第三，看到山坡掉石头、河水突然变浑，赶快往两边高处跑，不要顺着沟跑。",
                "第四，离倒下的电线远一点。",
                "第五，没有接到解除通知，不要回家取东西。",
                "有老人孩子需要帮忙，请马上给村干部打电话。",
                "遇到危险，拨打一一九或者一一零。",
                "请大家互相转告。",
            ),
        ),
        FLOOD_PLAN,
        Quiz(slug="flood-quiz", title="防汛避险测一测", summary="五道题，不限时间，答完就看解析。"),
    ),
)

ANTI_FRAUD = Course(
    slug="anti-fraud",
    title="防诈骗宣传",
    summary=(
        "骗子的花样多，套路就那么几种。这门课讲常见骗局怎样识别，怎样给老人讲明白，"
        "并附一段反诈广播，人人都用得上。"
    ),
    topic=Topic.SAFETY,
    is_required=False,
    roles=EVERYBODY,
    lessons=(
        Film(
            slug="common-frauds",
            title="四种常见骗局",
            summary="冒充公检法、刷单返利、假客服、假亲友。",
            seconds=30,
            slides=(
                Slide(heading="冒充公检法", points=("说您涉案，要您转账", "公检法没有安全账户")),
                Slide(heading="刷单返利", points=("先给小钱，再骗大钱", "刷单本身就不合法")),
                Slide(heading="假冒客服", points=("说退款，要验证码", "验证码谁也不能给")),
                Slide(heading="假冒亲友", points=("借钱先打电话核实", "见面问清再转账")),
            ),
        ),
        Audio(
            slug="fraud-broadcast",
            title="反诈广播：钱袋子要捂紧",
            summary="可以在村里大喇叭上直接播放的一段话。",
            seconds=42,
            transcript=(
                "乡亲们，钱袋子要捂紧。",
                "陌生电话说您中了奖、涉了案，都不要信。",
                "让您点链接、下软件、共享手机屏幕，都不要做。",
                "短信验证码，跟谁都不要说。",
                "免费送鸡蛋，再让您买几千块的药，多半有问题。",
                "亲戚朋友在网上借钱，一定要打电话问一问。",
                "看到九六一一零打来的电话，请马上接，这是反诈提醒。",
                "钱已经转出去了，马上打一一零报警，越快越好。",
                "自己听懂了，也请告诉家里的老人。",
            ),
        ),
        Interactive(
            slug="fraud-judge",
            title="是不是骗局，您来判断",
            summary="六件身边事，判断真假，马上知道为什么。",
            minutes=1,
            pass_percent=60,
        ),
        Article(
            slug="talking-to-elders",
            title="怎样给老人讲防骗",
            summary="少讲道理，多讲身边的例子。",
            body=(
                (
                    "paragraph",
                    (
                        "老人被骗，常常不是因为糊涂，是因为孤单、爱面子、想省钱给孩子。"
                        "给老人讲防骗，要坐下来慢慢说，不要用训人的口气。"
                    ),
                ),
                ("heading", "听到这几句话，先停一停"),
                (
                    "list",
                    (
                        "“您的社保卡涉案了，配合调查，不要告诉家里人。”",
                        "“把钱转到安全账户，查完就退给您。”",
                        "“领免费鸡蛋，先来听一堂健康课。”",
                        "“爷爷，我是您孙子，我出事了，快打钱。”",
                        "“把刚收到的验证码念给我听。”",
                    ),
                ),
                (
                    "paragraph",
                    (
                        "凡是催着您马上转钱、又不让您告诉别人的，十有八九是骗子。"
                        "公安机关不会通过电话、网络要求转账，也没有什么安全账户。"
                    ),
                ),
                ("heading", "教会三个动作"),
                (
                    "paragraph",
                    (
                        "一是挂。听着不对就挂电话，不用怕得罪人。二是问。先问儿女，再问村干部，"
                        "也可以拨打110。三是不。不点不认识的链接，不说验证码，不把身份证、银行卡、"
                        "手机交给外人操作，不和陌生人共享屏幕。"
                    ),
                ),
                ("heading", "帮老人做好三件事"),
                (
                    "list",
                    (
                        "把儿女、村干部、派出所的电话写成大字，贴在电话旁；",
                        "帮着安装国家反诈中心应用，由本人同意，当面教会；",
                        "和家里人商量，给老人常用的卡设一个转账限额。",
                    ),
                ),
                ("heading", "真的转了钱怎么办"),
                (
                    "paragraph",
                    (
                        "第一时间拨打110报警，记下对方的账号、电话、转账时间，保留聊天和转账记录，"
                        "不要删除。越早报警，越有可能把钱拦住。96110是反诈预警劝阻专线，"
                        "这个号码打来，请马上接听。"
                    ),
                ),
                (
                    "paragraph",
                    (
                        "千万不要责怪老人。被骗以后心里最难受的是他自己，多去看望几回，"
                        "防止二次受骗——那些说“能帮您把钱追回来，先交手续费”的，也是骗子。"
                    ),
                ),
            ),
        ),
    ),
)

COURSES = (FLOOD_SAFETY, ANTI_FRAUD)
