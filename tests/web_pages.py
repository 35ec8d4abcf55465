"""One report as different sites and programs publish it, with all that stands around it there.

Places, people and papers are made up; the shapes are those of content management systems of
governments, of newspapers, of WeChat and of word processors.
"""

from collections.abc import Callable, Sequence

TITLE = "青岚县总工会2024年工作报告"
SUBTITLE = "——团结奋斗开新局，建功青岚谱新篇"
PUBLISHER = "青岚日报"
WRITER = "温如初"
DATE = "2025-01-12"

HEADINGS = (
    "一、2024年工作回顾",
    "（一）建会入会有新进展",
    "（二）职工服务有新成效",
    "二、2025年工作安排",
)
BODY: tuple[tuple[str, str], ...] = (
    ("text", "各位委员、同志们："),
    ("text", "我代表县总工会常委会向全体会议报告工作，请予审议。"),
    ("heading", HEADINGS[0]),
    ("text", "过去一年，全县各级工会围绕中心、服务大局，各项工作迈上了新的台阶。"),
    ("heading", HEADINGS[1]),
    ("text", "全年新建基层工会八十六家，发展会员四千三百人，其中货车司机、快递员六百二十人。"),
    ("text", "乡镇工会全部配齐专职干部；柳溪片区率先建成“会站家”一体的服务阵地。"),
    ("heading", HEADINGS[2]),
    (
        "text",
        "开办职工夜校四十二期，培训二千一百人次；走访困难职工家庭三百户，发放慰问金九十万元。",
    ),
    ("heading", HEADINGS[3]),
    ("text", "新的一年，要突出抓好技能竞赛、权益维护和阵地建设，让职工群众有更多获得感。"),
    ("text", "同志们，让我们团结一心、真抓实干，为建设美好青岚贡献力量！"),
)
PARAGRAPHS = [text for kind, text in BODY if kind == "text"]

MENU = (
    *("首页", "政务公开", "新闻动态", "互动交流", "办事服务", "领导之窗", "机构职能", "法规文件"),
    *("规划计划", "财政资金", "人事信息", "走进青岚"),
)
RELATED = (
    "青岚县召开安全生产工作会议",
    "县领导调研重点项目建设，要求加快进度",
    "关于2025年春节放假安排的通知",
    "云汀市总工会慰问一线职工，送去新春祝福",
    "青岚县2024年国民经济和社会发展统计公报",
)
FOOT = (
    "主办单位：青岚县人民政府办公室 技术支持：青岚县数据中心",
    "版权所有：青岚县人民政府 网站标识码：9900000001",
    "浙ICP备99000001号-1 浙公网安备 99000002000001号",
    "地址：青岚县人民路1号 邮编：999001 联系电话：0999-1234567",
)
COMMENTS = (
    "写得好，为家乡点赞！希望明年再上台阶，大家得实惠。",
    "老城区停车太难了，盼望解决。",
    "支持！",
)
AROUND = (
    *(*MENU[1:], *RELATED, *FOOT, *COMMENTS),
    *(
        "扫一扫在手机打开当前页",
        "上一篇",
        "下一篇",
        "打印",
        "字体",
        "相关稿件",
        "热门排行",
        "推荐阅读",
    ),
    *(
        "当前位置",
        "分享到",
        "阅读量",
        "版面导航",
        "微信扫一扫",
        "即将打开",
        "播放",
        "继续滑动看下一个",
    ),
    *("回复", "预览时标签不可点"),
)
"""Words around the report, none of which is in it."""

_Set = Callable[[str], str]


def _menu(items: Sequence[str], name: str = "nav") -> str:
    links = "".join(f'<li><a href="/{n}.html">{text}</a></li>' for n, text in enumerate(items))
    return f'<div class="{name}"><ul>{links}</ul></div>'


def _foot(name: str = "footer") -> str:
    return f'<div class="{name}">' + "".join(f"<p>{line}</p>" for line in FOOT) + "</div>"


def _body(text: _Set, heading: _Set | None = None) -> str:
    setters = {"text": text, "heading": heading or text}
    return "\n".join(setters[kind](words) for kind, words in BODY)


def _indented(words: str) -> str:
    return f"<p>　　{words}</p>"


def _bold(words: str) -> str:
    return f"<p>　　<strong>{words}</strong></p>"


def government() -> str:
    """An article on a government's site: metadata, path, buttons, related articles."""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8">
<title>{TITLE}_青岚县人民政府</title><meta name="SiteName" content="青岚县人民政府">
<meta name="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="{DATE} 08:30">
<meta name="ContentSource" content="{PUBLISHER}"></head><body>
<div class="top"><a href="#">无障碍浏览</a> <a href="#">登录</a></div>{_menu(MENU)}
<div class="BreadcrumbNav">当前位置：<a href="/">首页</a> &gt; <a href="/x">工作报告</a></div>
<div class="article"><h1>{TITLE}</h1><h2>{SUBTITLE}</h2>
<div class="info"><span>发布时间：{DATE} 08:30</span><span>信息来源：{PUBLISHER}</span>
<span>作者：{WRITER}</span><span>浏览次数：<i id="hits">125</i></span>
<span>字体：【<a>大</a> <a>中</a> <a>小</a>】</span></div>
<div class="TRS_Editor">{_body(_indented, _bold)}</div>
<div class="qr">扫一扫在手机打开当前页<img src="q.png" width="120"></div>
<div class="tools">【<a>打印本页</a>】【<a>关闭窗口</a>】 分享到：<a>微信</a><a>微博</a></div>
<p>上一篇：<a href="1.html">{RELATED[0]}</a></p>
<p>下一篇：<a href="2.html">{RELATED[1]}</a></p></div>
<div class="relation"><h3>相关稿件</h3>{_menu(RELATED, "list")}</div>{_foot()}</body></html>"""


def disclosure() -> str:
    """A document in the register of disclosed information: a table says how it is filed."""
    rows = (
        ("索引号", "9900000-2025-001", "信息分类", "工作报告"),
        ("发布机构", "青岚县总工会", "成文日期", DATE),
        ("文号", "青工〔2025〕1号", "公开方式", "主动公开"),
    )
    table = "".join(
        f"<tr><td>{a}：</td><td>{b}</td><td>{c}：</td><td>{d}</td></tr>" for a, b, c, d in rows
    )
    return f"""<html><head><meta charset="utf-8"><title>青岚县 政府信息公开 {TITLE}</title></head>
<body>{_menu(MENU)}<div class="left">{_menu(RELATED, "tree")}</div><div class="right">
<table class="bgtable" border="1">{table}</table><div class="title">{TITLE}</div>
<div id="zoom">{_body(_indented)}</div><div>附件：<a href="a.docx">1.任务分工表.docx</a></div>
<div><a>打印</a> <a>关闭</a></div></div>{_foot("bottom")}</body></html>"""


def tables() -> str:
    """A site of the year 2003: tables in tables, fonts, line breaks in place of paragraphs."""
    menu = "".join(
        f'<td><a href="{n}.htm"><font color=white>{m}</font></a></td>' for n, m in enumerate(MENU)
    )
    links = "".join(f'<tr><td>·<a href="{n}.htm">{r}</a></td></tr>' for n, r in enumerate(RELATED))
    text = "<br>\n<br>\n".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{words}" for _, words in BODY)
    return f"""<HTML><HEAD><META http-equiv=Content-Type content="text/html; charset=gb2312">
<TITLE>{TITLE}-青岚县总工会</TITLE></HEAD><BODY><CENTER>
<TABLE width=778 bgColor=red><TR>{menu}</TR>
</TABLE><TABLE width=778><TR><TD width=180>
<TABLE><TR><TD><B>热门排行</B></TD></TR>{links}</TABLE></TD>
<TD><TABLE width="100%"><TR><TD>
当前位置：<A href="/">首页</A>&gt;&gt;<A href="/l">报告</A></TD></TR>
<TR><TD align=center><FONT size=5><B>{TITLE}</B></FONT></TD></TR>
<TR><TD align=center>来源：{PUBLISHER}　日期：{DATE}　点击：123次
字体：<A href="javascript:s(16)">大</A>
<A href="javascript:s(12)">小</A></TD></TR><TR><TD><FONT size=3>{text}</FONT></TD></TR>
<TR><TD align=right><A href="javascript:print()">打印</A>
<A href="javascript:close()">关闭</A></TD></TR>
</TABLE></TD></TR></TABLE>
<TABLE width=778><TR><TD align=center>{"<BR>".join(FOOT)}</TD></TR></TABLE>
</CENTER></BODY></HTML>"""


def portal() -> str:
    """An article of a news portal: kicker, date and source parted by a bar, a player, rankings."""
    return f"""<html><head><meta charset="GB2312"><title>{TITLE}--青岚频道--云汀网</title>
<meta name="publishdate" content="{DATE}">
<meta name="source" content="来源：{PUBLISHER} 原创稿"></head><body>
{_menu(MENU, "head_nav")}<div class="path"><a href="/">云汀网</a>&gt;&gt;<a>青岚频道</a></div>
<div class="layout rm_txt cf"><div class="col col-1"><h3 class="pre">县总工会召开全委会</h3>
<h1>{TITLE}</h1><h4 class="sub"></h4><div class="channel">2025年01月12日08:30 |
来源：<a href="http://x">{PUBLISHER}</a><span><a href="#">小字号</a></span></div>
<div class="rm_txt_con cf"><div class="player"><video src="a.mp4">播放</video></div>
{_body(_indented, _bold)}<p style="text-align:center"><img src="1.jpg" width="600"></p>
<p style="text-align:center">图为会议现场。{WRITER}摄</p>
<div class="edit cf">(责编：沈汀澜、陆远山)</div></div>
<div class="share">分享到：<a href="#">微信</a></div></div>
<div class="col col-2"><h2>热门排行</h2>{_menu(RELATED, "hot")}</div></div>
{_foot("w1000")}</body></html>"""


def newspaper() -> str:
    """An article in the electronic edition of a newspaper, beside the contents of the issue."""
    pages = "".join(f'<li><a href="node_{n}.htm">第0{n}版：要闻</a></li>' for n in range(1, 9))
    return f"""<!DOCTYPE html>
<!-- saved from url=(0052)http://paper.example/html/2025-01/12/nw.D1_1-01.htm -->
<html><head><meta charset="utf-8"><title>青岚日报数字报-{TITLE}</title></head><body>
<div class="swiper"><p>版面导航</p><ul>{pages}</ul>{_menu(RELATED, "titles")}</div>
<div class="article-box"><h3></h3><founder-title><h1>{TITLE}</h1></founder-title>
<h2><p>{SUBTITLE}</p></h2><p class="sec">本报记者 {WRITER}</p>
<div id="ozoom"><founder-content>{_body(lambda t: f"<P>　　{t}</P>")}</founder-content></div>
</div><div class="foot"><p>版权所有 青岚日报社 未经授权不得转载</p></div>
</body></html>"""


def wechat() -> str:
    """An article on WeChat: every paragraph in sections, each word in a span, date by a script."""

    def nest(words: str, weight: str = "") -> str:
        spans = "".join(
            f'<span style="font-size:15px;{weight}">{words[at : at + 9]}</span>'
            for at in range(0, len(words), 9)
        )
        sections = "<section><section style='display:inline-block'><section><p>"
        return f"{sections}{spans}</p></section></section></section>"

    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title></title>
<meta property="og:title" content="{TITLE}"><meta property="og:site_name" content="微信公众平台">
<meta property="og:article:author" content="{WRITER}"></head><body><div id="js_article">
<h1 class="rich_media_title" id="activity-name">
{TITLE}
</h1><div id="meta_content"><span class="rich_media_meta_text">{WRITER}</span>
<span><a href="javascript:void(0);" id="js_name">{PUBLISHER}</a></span>
<em id="publish_time"></em></div>
<div id="js_content" style="visibility: hidden;">
{_body(nest, lambda t: nest(t, "font-weight:bold"))}</div>
<div class="rich_media_area_extra">预览时标签不可点</div><p>继续滑动看下一个</p></div>
<div id="js_pc_qr_code"><p>微信扫一扫<br>关注该公众号</p></div>
<div style="display:none"><p>即将打开小程序，确定吗？</p></div>
<script>var ct = "1736641800";</script></body></html>"""


def modern() -> str:
    """A site with semantic elements and data for search engines, and comments of readers."""
    comments = "".join(
        f"<li><a>网友{n}</a><p>{c}</p><a>回复</a></li>" for n, c in enumerate(COMMENTS * 5)
    )
    return f"""<html lang="zh"><head><meta charset="utf-8"><title>{TITLE} - 青岚新闻网</title>
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "{TITLE}", "datePublished": "{DATE}T08:30:00+08:00",
"author": [{{"@type": "Person", "name": "{WRITER}"}}],
"publisher": {{"@type": "Organization", "name": "{PUBLISHER}"}}}}</script></head><body>
<header>{_menu(MENU)}</header><main><article><h1>{TITLE}</h1>
<p><time datetime="{DATE}">{DATE}</time> {PUBLISHER}</p>
{_body("<p>{}</p>".format, "<h2>{}</h2>".format)}
</article><section class="comments"><h3>评论</h3><ul>{comments}</ul></section>
<aside><h3>推荐阅读</h3>{_menu(RELATED)}</aside></main>
<footer>{"".join(FOOT)}</footer></body></html>"""


def union() -> str:
    """A union's site: nothing but ``<div>`` and ``<span>``, names of its own, large headings."""
    heading: _Set = '<div><span style="font-size:18px"><b>　　{}</b></span></div>'.format
    text: _Set = '<div><span style="font-size:16px">　　{}</span></div>'.format
    return f"""<html><head><meta charset="utf-8"><title>{TITLE}_工作动态_青岚县总工会</title></head>
<body><div id="app"><div class="hd">{_menu(MENU, "n")}</div>
<div class="crumb"><span>当前位置：</span>
<a href="/">首页</a><i>/</i><a href="/x">工作动态</a></div><div class="detail">
<div class="detail-title">{TITLE}</div><div class="detail-info"><span>来源：{PUBLISHER}</span>
<span>作者：{WRITER}</span><span>时间：{DATE}</span><span>阅读量：233</span></div>
<div class="detail-body">{_body(text, heading)}</div><div class="tools"><span>点赞 12</span>
<span>收藏</span></div></div><div class="side">热门排行{_menu(RELATED, "r")}</div></div>
{_foot("ft")}
</body></html>"""


def word() -> str:
    """A page that Word exported."""

    def text(words: str) -> str:
        return f"<p class=MsoNormal><span lang=EN-US>{words[:5]}</span>{words[5:]}<o:p></o:p></p>"

    def heading(words: str) -> str:
        level = 2 if words.startswith("（") else 1
        return f"<h{level}><a name=_Toc{len(words)}></a><span lang=ZH-CN>{words}</span></h{level}>"

    return f"""<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta http-equiv=Content-Type content="text/html; charset=gb2312">
<meta name=ProgId content=Word.Document>
<meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {{mso-style-parent:"";
text-indent:32.0pt; font-size:16.0pt;}}
p.MsoTitle {{text-align:center; font-size:22.0pt;}} --></style>
</head><body lang=ZH-CN><div class=WordSection1><p class=MsoTitle><b>{TITLE}<o:p></o:p></b></p>
<p class=MsoSubtitle align=center>{SUBTITLE}</p><p class=MsoNormal><o:p>&nbsp;</o:p></p>
{_body(text, heading)}</div></body></html>"""


def libreoffice() -> str:
    """A page that LibreOffice exported."""
    text: _Set = (
        '<p style="line-height: 100%; text-indent: 0.85cm; margin-bottom: 0cm">\n{}</p>'.format
    )
    heading: _Set = (
        '<p style="text-indent: 0.85cm"><font size="3" style="font-size: 12pt"><b>{}</b></font></p>'
    ).format
    return f"""<!DOCTYPE html>
<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"/>
<title></title><meta name="generator" content="LibreOffice 7.4 (Linux)"/><style type="text/css">
@page {{ size: 21.59cm 27.94cm; margin: 2cm }} p {{ line-height: 115%; background: transparent }}
</style></head><body lang="zh-CN"><div title="header"><p>内部资料</p></div>
<p align="center"><font size="5" style="font-size: 22pt"><b>{TITLE}</b></font></p>
<p align="center">{SUBTITLE}</p>{_body(text, heading)}
<div title="footer"><p align="center">1</p></div></body></html>"""


def archive(page: str) -> bytes:
    """A web archive as browsers save it."""
    quoted = "".join(
        f"={byte:02X}" if byte > 126 or byte == 61 else chr(byte) for byte in page.encode()
    )
    return (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://qinglan.example/art/2025/1/12/a.html\r\n"
        f"Subject: report\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="----B"\r\n\r\n------B\r\n'
        "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        f"{quoted}\r\n------B\r\nContent-Type: image/png\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n------B--\r\n"
    ).encode("ascii")


PAGES: dict[str, Callable[[], str]] = {
    page.__name__: page
    for page in (
        *(
            government,
            disclosure,
            tables,
            portal,
            newspaper,
            wechat,
            modern,
            union,
            word,
            libreoffice,
        ),
    )
}
ENCODINGS = {"tables": "gb18030", "portal": "gb18030", "word": "gb18030"}
"""The encodings of pages that are not in UTF-8, as they say themselves."""


def page_bytes(name: str) -> bytes:
    """A page as it is saved."""
    return PAGES[name]().encode(ENCODINGS.get(name, "utf-8"))
