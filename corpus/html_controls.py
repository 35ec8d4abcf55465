"""The words of a web page's buttons, paths and footers: 打印, 字号, 上一篇, 扫一扫, 版权所有."""

import re
from collections.abc import Sequence
from itertools import pairwise

_WORDS = (
    r"(?:我要|点击|一键|分享)?(?:打印|纠错|收藏|下载|评论|留言|点赞|举报|复制|朗读|播报|分享|转发|投稿|反馈|订阅)"
    r"(?:本页|此页|本文|此文|全文|文章|页面|正文|链接|网址|按钮|本站)?|发表评论|添加收藏|加入收藏"
    r"|关闭(?:窗口|本页|此页|页面)?|返回(?:顶部|首页|列表|上一?页|上一?级)?|回到顶部|首页|主页|更多|展开(?:全文)?"
    r"|(?:文字|正文)?(?:字号|字体|字体大小|文字大小|调整字[号体])|放大|缩小|默认|标准|超大|特大|较大|最大|较小|[大中小]字?号"
    r"|大字?|中字?|小字?|T|A[+-]?|简体|繁体|简|繁|EN|English|无障碍(?:浏览|阅读)?|长者(?:模式|版|助手)|关怀(?:模式|版)"
    r"|登录|注册|退出|听新闻|语音(?:播报|朗读)?|(?:腾讯|新浪)?微博|微信(?:好友)?|朋友圈|QQ(?:空间|好友)?|Qzone|人人网"
    r"|分享(?:到|至)|上一页|下一页|尾页|末页|阅读原文|在看|赞|转到|跳转|推荐|关注|扫码|二维码|手机版|电脑版|RSS|图集|已有\s*\d*\s*人?(?:评论|参与)"
)
_FILL = r"[\s\d:：|｜/／,，、·•>»\[\]【】()（）_-]"
_CONTROL = re.compile(rf"{_FILL}*+(?:{_WORDS})(?:{_FILL}|{_WORDS})*+")

_LONGEST = 100
_LONGEST_FRONT = 300
"""Characters of a line of buttons, and of one with date, source and all."""

_OUTSIDE = re.compile(
    r"[【\[（(]?\s*(?:"
    r"扫一扫|扫描?二维码|扫码|微信扫|长按(?:识别|二维码)|用微信"
    r"|上一篇|下一篇|上一条|下一条|上篇|下篇|前一篇|后一篇|没有了"
    r"|(?:您|你)?(?:现在|当前|目前|所在)?(?:的)?(?:所在)?位置(?:是|为)?\s*[:：>]|(?:当前|所在|现在)(?:位置|栏目)"
    r"|(?:我要)?(?:分享|转发|打印|收藏)(?:到|至|本|此|[:：])|分享让更多人看到|点击(?:进入|查看|下载|关注)"
    r"|(?:相关|推荐|延伸|更多|往期|热门|精彩|最新)(?:链接|新闻|阅读|稿件|文章|报道|信息|推荐|文档|附件|内容|资讯|评论)\s*[:：]?$"
    r"|猜你喜欢|你可能(?:会|还)?喜欢|为您推荐|热点排行|点击排行|阅读排行"
    r"|版权(?:所有|声明)|免责声明|凡本(?:网|站)|本(?:网|站)(?:声明|版权)|Copyright|©|(?:ICP|京|沪|粤|浙|苏|鲁|豫).{0,3}(?:备|公网安备)"
    r"|备案(?:号|序号)|网站(?:标识码|地图|支持|声明|备案)|(?:主办|承办)(?:单位)?\s*[:：].*(?:技术|备案|版权|维护|网站|数据中心|信息中心)"
    r"|技术支持\s*[:：]|地址\s*[:：].*(?:邮编|电话)|建议使用.{0,20}(?:浏览器|分辨率)|联系我们|关于我们|浏览器版本过低"
    r"|(?:浏览|阅读|点击|访问)(?:次数|数|量)?\s*[:：]?\s*\d*\s*次?$|正在加载|加载中|Produced By"
    r")",
    re.IGNORECASE,
)

_BUTTONS = re.compile(
    r"[【\[（(]?\s*(?:文字|正文)?(?:字号|字体)(?:大小)?\s*[:：]\s*"
    r"(?:[\[【（(]?\s*(?:大|中|小|默认|标准|超大|特大|T|A[+-]?)\s*[\]】）)]?[\s|｜/／,，、-]*)*[】\]）)]?"
    r"|[【\[（(]\s*(?:大|中|小|打印|关闭|收藏|纠错|我要纠错|打印本页|打印此页|关闭窗口|返回|字体)"
    r"(?:[\s|｜]+(?:大|中|小|打印|关闭|收藏|纠错))*\s*[】\]）)]"
    r"|(?:浏览|阅读|点击|访问)(?:次数|数|量)?\s*[:：]\s*\d*\s*次?"
    r"|(?<!\S)(?:我要)?(?:打印|收藏|纠错|关闭|评论)(?:本页|此页|本文|文章|窗口|页面)?(?!\S)"
    r"|(?:分享|转发)(?:到|至)?\s*[:：]?\s*(?:(?:腾讯|新浪)?微博|微信|QQ空间|朋友圈|\s)*$"
    r"|扫一扫.*$"
)
_SEPARATORS = re.compile(r"[|｜](?:\s*[|｜])+")


def is_control(text: str) -> bool:
    """Whether a line holds nothing but the words of buttons."""
    return len(text) <= _LONGEST and bool(_CONTROL.fullmatch(text.strip()))


def is_outside(text: str) -> bool:
    """Whether a short line begins as those do that stand around the text of a page."""
    return len(text) <= _LONGEST and bool(_OUTSIDE.match(text.strip()))


def without_controls(text: str, cuts: Sequence[int] = ()) -> str:
    """A line of date and source without the buttons in it, its fields parted by spaces.

    ``cuts`` are the places where one field ends and the next begins. Long lines have no buttons.
    """
    if len(text) > _LONGEST_FRONT:
        return text.strip()
    places = [0, *cuts, len(text)]
    fields = [text[start:end] for start, end in pairwise(places)]
    kept = " ".join(field for field in fields if _says_something(field) and not is_control(field))
    shorter = _SEPARATORS.sub(" | ", _BUTTONS.sub(" ", kept))
    return " ".join(shorter.split()).strip("|｜ ")


def _says_something(field: str) -> bool:
    return any(map(str.isalnum, field))
