"""A sound file of every format that is read: what tests damage, and benchmarks/fuzz_readers.py."""

import base64
import subprocess
from collections.abc import Callable, Iterable
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import web_pages
from PIL import Image, ImageDraw, ImageFont
from printed_pages import centred, grid, line, page, pdf, set_text

from corpus import SAMPLES
from corpus.doc import find_soffice

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>青岚县工作纪实</title>
<meta name="PubDate" content="2025-01-09"><style>p { text-indent: 2em }</style></head><body>
<nav><a href="/">首页</a> &gt; <a href="/gz">工作</a></nav><article><h1>青岚县工作纪实</h1>
<p>来源：青岚日报</p><h2>一、稳就业</h2><p>全年新增就业<b>三千二百人</b>，比上年增长8%。</p>
<table><tr><th>乡镇</th><th>人数</th></tr><tr><td rowspan="2">柳溪</td><td>1200</td></tr>
<tr><td colspan="2">850</td></tr></table><ol start="3"><li>办好夜校；</li><li>修好道路。</li></ol>
<h2>二、打算</h2><p>明年继续努力&nbsp;&#x2014;&mdash;再上台阶。<br>各项任务都要落实。</p></article>
<footer>版权所有</footer><script>var a = "<p>no text</p>";</script></body></html>
"""
TEXTS = (
    "过去一年，青岚县全年开展技能培训286场，培训职工4.7万人次，8613人取得职业技能等级证书。",
    "县里新建十二座户外驿站，环卫工人、快递骑手进门就能喝上热水、给手机充电；驿站夜里也开着灯。",
)


def sound_files(suffix: str) -> list[bytes]:
    """Sound files with this suffix; of the Word formats, .rtf alone needs LibreOffice."""
    return _MAKERS[suffix]()


def converted(files: Iterable[Path], kind: str, folder: Path) -> list[Path]:
    """The files in another format, made by LibreOffice in a folder of their own."""
    into = folder / kind
    command = (
        str(find_soffice()),
        *("--headless", "--norestore", f"-env:UserInstallation={(folder / 'profile').as_uri()}"),
        *("--convert-to", kind, "--outdir", str(into), *map(str, files)),
    )
    for _ in range(2):  # the first run makes the profile, and may do nothing else
        if not list(into.glob("*")):
            subprocess.run(command, check=False, capture_output=True, timeout=240)
    return sorted(into.iterdir())


def _samples(suffix: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted(SAMPLES.glob(f"*{suffix}"))]


def _pages() -> list[bytes]:
    made = (web_pages.government(), web_pages.disclosure(), web_pages.wechat())
    return [page.encode() for page in (PAGE, *made)]


def _archives() -> list[bytes]:
    head = (
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://news.example/2025/a.html\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    end = b"\r\n--b\r\nContent-Type: text/css\r\n\r\np { color: red }\r\n--b--\r\n"
    return [head + base64.encodebytes(page) + end for page in _pages()]


def _printed() -> list[bytes]:
    """PDF files: a title, two columns, a ruled table, a picture with a caption."""
    title = centred("青岚县总工会2024年工作报告", 80, size=22, bold=True)
    columns = [*set_text(TEXTS, 90, 130, columns=16), *set_text(TEXTS, 320, 130, columns=16)]
    xs, ys = [90.0, 200.0, 310.0], [680.0, 704.0, 728.0]
    cells = (("区县", "会员"), ("汀南区", "23.8"))
    rows = zip(ys, cells, strict=False)
    table = [line(t, x + 8, y + 6) for y, row in rows for x, t in zip(xs, row, strict=False)]
    caption = centred("图为驿站一角。", 626, size=9)
    first = page(
        [title, *columns, caption, *table], pictures=[(200, 500, 395, 620)], rules=grid(xs, ys)
    )
    second = page(
        [centred("二、明年打算", 60, size=16), *set_text(TEXTS, 90, 90, columns=34)], number=2
    )
    return [pdf([first, second]), pdf([second])]


def _pictures(kind: str) -> list[bytes]:
    """A picture of a page in Latin letters, of which Pillow has a font wherever it is."""
    image = Image.new("RGB", (700, 260), "white")
    drawn, font = ImageDraw.Draw(image), ImageFont.load_default(28)
    for number, text in enumerate(("Report of 2024", "All work was done in time,", "in peace.")):
        drawn.text((40, 40 + 60 * number), text, fill="black", font=font)
    data = BytesIO()
    image.save(data, kind)
    return [data.getvalue()]


def _rtf() -> list[bytes]:
    title, text = map(_escaped, ("云汀市工作总结", TEXTS[0]))
    start = (
        f"{{\\rtf1\\ansi{{\\fonttbl{{\\f0 SimSun;}}}}\\qc\\b\\fs44 {title}\\par\\pard\\b0 {text}"
    )
    row = "\\trowd\\cellx2000\\cellx4000\\intbl 2024\\cell 8613\\cell\\row"
    return [f"{start}\\par{row}{row}\\pard {text}\\par}}".encode()]


def _escaped(text: str) -> str:
    return "".join(c if c.isascii() else f"\\u{ord(c) % 65536}?" for c in text)


@cache
def old_word_files() -> list[bytes]:
    """The Word sample as LibreOffice writes it as .doc; none where it is not installed."""
    if find_soffice() is None:
        return []
    with TemporaryDirectory() as folder:
        made = converted(sorted(SAMPLES.glob("*.docx")), "doc", Path(folder))
        return [path.read_bytes() for path in made]


_MAKERS: dict[str, Callable[[], list[bytes]]] = {
    ".docx": lambda: _samples(".docx"),
    ".doc": lambda: [*_samples(".docx"), *_pages()[:1], *_archives()[:1]],
    ".rtf": _rtf,
    ".pdf": _printed,
    ".png": lambda: _pictures("PNG"),
    ".jpg": lambda: _pictures("JPEG"),
    ".jpeg": lambda: _pictures("JPEG"),
    **dict.fromkeys((".html", ".htm", ".shtml", ".xhtml"), _pages),
    **dict.fromkeys((".mht", ".mhtml"), _archives),
    ".md": lambda: _samples(".md"),
    ".txt": lambda: _samples(".txt"),
}
