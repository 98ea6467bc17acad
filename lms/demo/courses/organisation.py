"""Courses on party work and on what the village collective owns."""

from lms.demo.courses.shapes import COMMITTEES, Article, Course, Film, Slide, Topic

PARTY_LIFE = Course(
    slug="party-life",
    title="党建与党员教育",
    summary=(
        "组织生活怎样开得经常、开得认真，党员学习怎样学得进、用得上。"
        "这门课讲“三会一课”的基本要求，并给出一份主题党日的组织清单。"
    ),
    topic=Topic.PARTY,
    is_required=True,
    roles=("SECRETARY", "DEPUTY_SECRETARY", "COMMITTEE_MEMBER", "RESERVE", "FIRST_SECRETARY"),
    lessons=(
        Film(
            slug="three-meetings-one-lesson",
            title="三会一课的基本要求",
            summary="三会是哪三会，一课怎么上，一般多久一次。",
            seconds=29,
            slides=(
                Slide(heading="支部党员大会", points=("一般每季度召开一次", "讨论决定支部大事")),
                Slide(heading="支部委员会会议", points=("一般每月召开一次", "重要事项集体研究")),
                Slide(heading="党小组会", points=("一般每月召开一次", "学习、谈心、落实任务")),
                Slide(heading="党课", points=("内容联系本村实际", "让党员听得懂，用得上")),
            ),
        ),
        Article(
            slug="theme-party-day",
            title="组织好一次主题党日",
            summary="主题实、时间定、人人有事做。",
            body=(
                (
                    "paragraph",
                    (
                        "党支部每月相对固定一天开展主题党日，组织党员集中学习、过组织生活、"
                        "进行民主议事和志愿服务等。办得好不好，不看场面大不大，看党员有没有收获，"
                        "群众得没得实惠。"
                    ),
                ),
                ("heading", "主题要实"),
                (
                    "paragraph",
                    (
                        "一次只定一个主题，从村里眼下的事里找。春天可以议春耕和水渠，"
                        "汛前可以查隐患，秋后可以帮独居老人备冬煤、查炉火。"
                        "主题提前由支部委员会商量确定，提前通知党员。"
                    ),
                ),
                ("heading", "一份够用的流程"),
                (
                    "list",
                    (
                        "清点人数，说明今天的主题；",
                        "集中学习，选一篇短的、和主题有关的，边读边讲；",
                        "通报上次定的事办得怎么样；",
                        "就今天的主题议一议，每人说一条；",
                        "一起动手做一件小事，分工到人；",
                        "当场记录，到会的人签名。",
                    ),
                ),
                ("heading", "照顾到每一位党员"),
                (
                    "paragraph",
                    (
                        "年老体弱、行动不便的党员，不要求到场，由支部安排党员送学上门，"
                        "带一份大字材料，坐下来说说话。外出的流动党员，用电话或者视频参加学习，"
                        "把学习材料发给他，回乡时再见面谈一谈。党员的学习要如实记录，不代签、"
                        "不补假记录。"
                    ),
                ),
                ("heading", "三个不要"),
                (
                    "paragraph",
                    (
                        "不要只拍照不做事，不要念完文件就散会，不要把党日办成饭局。简简单单、"
                        "实实在在，党员愿意来，群众看得见，就是一次好的主题党日。"
                    ),
                ),
                (
                    "paragraph",
                    (
                        "党员教育管理有学时要求：党员每年集中学习培训时间一般不少于三十二学时；"
                        "基层党组织书记和班子成员一般不少于五十六学时，至少参加一次集中培训。"
                        "主题党日里组织的集中学习，可以按规定如实记录。"
                    ),
                ),
            ),
        ),
    ),
)

COLLECTIVE_ASSETS = Course(
    slug="collective-assets",
    title="农村集体“三资”管理",
    summary=(
        "资金、资产、资源是全体成员共有的家底。这门课讲家底怎么清、钱怎么花、"
        "合同怎么签，帮助村干部把集体的账管得清清楚楚。"
    ),
    topic=Topic.ASSETS,
    is_required=True,
    roles=(*COMMITTEES, "FIRST_SECRETARY"),
    lessons=(
        Film(
            slug="know-the-assets",
            title="认清村里的家底",
            summary="资金、资产、资源各指什么，平时怎么管。",
            seconds=30,
            slides=(
                Slide(heading="资金", points=("现金、存款和各类收入", "收入入账，不坐收坐支")),
                Slide(heading="资产", points=("房屋、设备、水利设施", "建台账，定期盘点")),
                Slide(heading="资源", points=("集体的土地、林地、水面", "面积和边界要清楚")),
                Slide(
                    heading="守住底线",
                    points=("集体财产归成员集体所有", "谁也不能侵占、挪用、私分"),
                ),
            ),
        ),
        Article(
            slug="signing-contracts",
            title="村集体的合同怎么签",
            summary="发包、出租、施工，签字以前过好六道关。",
            body=(
                (
                    "paragraph",
                    (
                        "村里的很多纠纷，根子在一张没签好的合同：价钱定得低、年限定得长、"
                        "口头说定没有字据。签合同以前把下面六道关过好，能少走许多弯路。"
                    ),
                ),
                ("heading", "第一关，该不该签，由大家定"),
                (
                    "paragraph",
                    (
                        "集体土地的发包、房屋门面的出租、工程的承包，都是成员的切身利益，"
                        "要按规定的民主程序讨论决定，保存好会议记录和表决结果。干部个人不能说了算。"
                    ),
                ),
                ("heading", "第二关，价钱怎么来"),
                (
                    "paragraph",
                    (
                        "先问清周边行情，必要时请有资质的机构评估，再按当地要求公开招标、竞价，"
                        "或者进农村产权交易平台。干部本人和近亲属参与的，要事先说明并回避表决。"
                    ),
                ),
                ("heading", "第三关，对方靠不靠得住"),
                (
                    "paragraph",
                    "看营业执照，查信用信息，问问他在别的村干得怎么样。个人承包的，核对身份证。",
                ),
                ("heading", "第四关，条款写齐"),
                (
                    "list",
                    (
                        "标的：在哪里，多大面积，四至边界，附图；",
                        "期限：从哪天到哪天，不得超过法律规定的年限；",
                        "价款：多少钱，哪天交，交到集体的哪个账户；",
                        "用途：不能改变土地的农业用途；",
                        "到期以后地上物怎么办；",
                        "违约怎么赔，有争议找谁。",
                    ),
                ),
                ("heading", "第五关，先审后签"),
                ("paragraph", "签字以前送乡镇或者村法律顾问看一遍。盖章要登记，空白合同一律不盖。"),
                ("heading", "第六关，签完有人管"),
                (
                    "paragraph",
                    (
                        "合同一式几份，村里留原件，登进合同台账。到期前三个月提醒，欠款按时催收，"
                        "变更要重新走程序。合同的主要内容和收款情况，按村务公开的要求向成员公布。"
                    ),
                ),
                (
                    "paragraph",
                    (
                        "《农村集体经济组织法》自2025年5月1日起施行，村里遇到拿不准的问题，"
                        "以法律和当地规定为准，及时向乡镇请教。"
                    ),
                ),
            ),
        ),
    ),
)

COURSES = (PARTY_LIFE, COLLECTIVE_ASSETS)
