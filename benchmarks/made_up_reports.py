"""Reports of made-up text, for measurements that need many: the same ones at every run.

A hundred counties report on a hundred things, each by figures of its own, so that words are as
common or rare as in a folder of real reports, and a question has one right answer.
"""

import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parent.parent

PARAGRAPHS = 100
"""Of each report."""

_FIRST = "云青岚澄霁芷栖蓼茗皓"
_SECOND = "汀鹭渚澜岫屿畔坞埠洲"
COUNTIES = tuple(f"{a}{b}县" for a, b in product(_FIRST, _SECOND))

_THEMES = {
    "农业农村": (
        ("粮食产量", "万吨"),
        ("高标准农田", "万亩"),
        ("蔬菜大棚", "座"),
        ("农民合作社", "家"),
        ("生猪出栏", "万头"),
        ("村集体收入", "万元"),
        ("灌溉水渠", "公里"),
        ("农机购置补贴", "万元"),
        ("茶园面积", "亩"),
        ("水产养殖基地", "个"),
    ),
    "工业和投资": (
        ("规模以上工业企业", "家"),
        ("固定资产投资", "亿元"),
        ("技术改造项目", "个"),
        ("标准厂房", "万平方米"),
        ("高新技术企业", "家"),
        ("招商引资到位资金", "亿元"),
        ("专利授权", "件"),
        ("绿色工厂", "家"),
        ("光伏装机", "兆瓦"),
        ("研发经费", "万元"),
    ),
    "就业和社会保障": (
        ("城镇新增就业", "人"),
        ("职业技能培训", "人次"),
        ("零工驿站", "个"),
        ("养老服务中心", "个"),
        ("低保对象", "户"),
        ("残疾人托养机构", "所"),
        ("创业担保贷款", "万元"),
        ("劳动争议调解", "件"),
        ("医保参保", "万人"),
        ("困难职工帮扶", "人"),
    ),
    "教育和卫生": (
        ("新建幼儿园", "所"),
        ("中小学教师招聘", "名"),
        ("乡镇卫生院改造", "所"),
        ("家庭医生签约", "万人"),
        ("学生体检", "万人次"),
        ("图书馆藏书", "万册"),
        ("村医培训", "人次"),
        ("急救站点", "个"),
        ("职业学校学位", "个"),
        ("文化广场", "个"),
    ),
    "城乡建设和环境": (
        ("老旧小区改造", "个"),
        ("农村公路", "公里"),
        ("污水管网", "公里"),
        ("充电桩", "个"),
        ("口袋公园", "个"),
        ("危桥改造", "座"),
        ("植树造林", "万亩"),
        ("优良天数", "天"),
        ("垃圾分类站点", "个"),
        ("保障性住房", "套"),
    ),
}
THINGS = tuple(thing for things in _THEMES.values() for thing, _ in things)
_DEEDS = ("完成", "达到", "新增", "累计", "共计", "落实")
_MEASURES = (
    "资金由县级财政和上级补助共同承担",
    "工作专班每月调度一次进展",
    "群众代表参加了现场验收",
    "有关部门联合开展了两轮检查",
    "经验在全市会议上作了交流",
    "存在的短板列入下一年整改清单",
)


def write_reports(folder: Path, paragraphs: int) -> None:
    """Write reports with this many paragraphs in all, ``PARAGRAPHS`` each, as text files."""
    folder.mkdir(parents=True, exist_ok=True)
    years = range(2024, 2024 - 1 - paragraphs // PARAGRAPHS // len(COUNTIES), -1)
    reports = [(county, year) for year in years for county in COUNTIES]
    for county, year in reports[: paragraphs // PARAGRAPHS]:
        title = f"{county}{year}年政府工作报告"
        (folder / f"{title}.txt").write_text(_report(title, county, year), "utf-8")


def made_up_data(folder: Path, paragraphs: int = 10_000) -> Path:
    """A data folder with an index of such reports, made below ``folder``, which takes minutes."""
    write_reports(folder / "reports", paragraphs)
    data = folder / "data"
    command = [sys.executable, "-m", "youju", "index", str(folder / "reports"), "--data", str(data)]
    subprocess.run(command, cwd=ROOT, check=True)
    return data


@contextmanager
def given_data(data: Path | None) -> Iterator[Path]:
    """A data folder that is there, or a made-up one."""
    if data is not None:
        yield data
        return
    with tempfile.TemporaryDirectory() as folder:
        yield made_up_data(Path(folder))


def questions(count: int) -> list[str]:
    """Different questions about the reports, each with its own words; the same at every run."""
    chance = random.Random(7)  # noqa: S311 - nothing secret
    asked = [f"{county}{thing}有多少？" for county, thing in product(COUNTIES, THINGS)]
    return chance.sample(asked, count)


def _report(title: str, county: str, year: int) -> str:
    chance = random.Random(title)  # noqa: S311 - nothing secret
    lines = [title]
    for number, (theme, things) in enumerate(_THEMES.items()):
        lines.append(f"{'一二三四五'[number]}、{theme}")
        for count in range(PARAGRAPHS // len(_THEMES)):
            thing, unit = things[count % len(things)]
            town = f"{chance.choice(_FIRST)}{chance.choice('水山桥塘庙店')}镇"
            where = county if count < len(things) else town
            figure = f"{chance.randrange(100, 99999) / 10:g}{unit}"
            deed, measure = chance.choice(_DEEDS), chance.choice(_MEASURES)
            lines.append(f"{year}年{where}{thing}{deed}{figure}，{measure}。")
    return "\n\n".join(lines) + "\n"
