"""References: ten kinds of reports by the standard's patterns, what is missing, other formats."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import bibtexparser
import httpx
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import given
from hypothesis import strategies as st

from corpus import Report, document_type, read_report
from qa import Format, Reference, Style, reference, reference_list

CITED = date(2026, 11, 21)

BODY = (
    "这一年，全县办成了十件实事，群众满意度达到九成以上，城乡面貌有了新的变化。\n\n"
    "粮食产量21.5万吨，比上年多出三千吨，茶叶总产值再创新高。\n"
)
URL = "https://www.yunting.example/2025/0118/a_1.html"


def report(folder: Path, name: str, text: str) -> Report:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return read_report(file, file=name)


def page(title: str, *heads: str, byline: str = "") -> str:
    paragraphs = "".join(f"<p>{line}</p>" for line in BODY.split("\n\n"))
    return (
        f'<html><head><meta charset="utf-8"><title>{title}</title>{"".join(heads)}</head>'
        f"<body><h1>{title}</h1>{byline}{paragraphs}</body></html>"
    )


def cited(one: Report, paragraph: int = 1) -> Reference:
    item = one.paragraphs[paragraph - 1]
    return reference(
        one,
        section=item.section,
        paragraph=item.ordinal,
        spans=item.spans,
        accessed=CITED,
    )


def entry(one: Report | Reference, style: Style = "gbt7714-2025", form: Format = "text") -> str:
    item = one if isinstance(one, Reference) else cited(one)
    listed = reference_list([item], style=style, form=form, accessed=CITED)
    return listed.partition(" ")[2].rstrip("\n")


KINDS = [
    (
        "政府工作报告.md",
        "# 2025年青岚县政府工作报告\n\n——2025年1月8日在青岚县第十六届人民代表大会第四次会议上\n\n"
        "青岚县县长　岑叙白\n\n" + BODY,
        "岑叙白. 2025年青岚县政府工作报告[R]. 2025-01-08.",
        ("publisher",),
    ),
    (
        "年报.md",
        f"---\nurl: {URL}\n---\n# 云汀市总工会2024年工作报告\n\n"
        + BODY
        + "\n云汀市总工会\n2025年1月16日\n",
        f"云汀市总工会. 云汀市总工会2024年工作报告[R/OL]. 2025-01-16. {URL}.",
        (),
    ),
    (
        "印发.md",
        "---\nauthor: 沈汀澜\npublisher: 云汀文化馆\ndate: 2024-12\n---\n# 汀南区文化工作总结\n\n"
        + BODY,
        "沈汀澜. 汀南区文化工作总结[R]. 云汀文化馆，2024-12.",
        (),
    ),
    (
        "纸上.txt",
        "把家安在职工心坎上\n\n□本报记者 江砚秋 陆知遥\n\n"
        + BODY
        + "\n《云汀日报》2024年2月3日 第15版\n",
        "江砚秋，陆知遥. 把家安在职工心坎上[N]. 云汀日报，2024-02-03（15）.",
        (),
    ),
    (
        "数字报.html",
        page(
            "一扇门照见一年路",
            f'<link rel="canonical" href="{URL}">',
            byline="<p>来源：云汀日报　日期：2024-02-03　版次：A02　作者：江砚秋</p>",
        ),
        f"江砚秋. 一扇门照见一年路[N/OL]. 云汀日报，2024-02-03（A02）. {URL}.",
        (),
    ),
    (
        "无版次.md",
        "---\npublisher: 柳溪晚报\ndate: 2023-11-05\n---\n# 驿站里的灯\n\n" + BODY,
        "驿站里的灯[N]. 柳溪晚报，2023-11-05.",
        ("authors", "edition"),
    ),
    (
        "网页.html",
        page(
            "云汀工会这一年",
            f'<meta property="og:url" content="{URL}">',
            '<meta name="PubDate" content="2025-01-18">',
            '<meta name="ContentSource" content="云汀工会网">',
        ),
        f"云汀工会这一年[EB/OL]. （2025-01-18）[2026-11-21]. {URL}.",
        ("authors",),
    ),
    (
        "无日期网页.html",
        page("驿站地图上线了", '<link rel="canonical" href="https://yizhan.example/map.html">'),
        "驿站地图上线了[EB/OL]. [2026-11-21]. https://yizhan.example/map.html.",
        ("authors", "date"),
    ),
    (
        "四位作者.md",
        "---\nauthors: [温如初, 林暮, 江砚秋, 陆知遥]\ndate: 2022\npublisher: 柳溪市档案馆\n---\n"
        "# 春风化雨\n## 柳溪工运纪实\n\n" + BODY,
        "温如初，林暮，江砚秋，等. 春风化雨[R]. 柳溪市档案馆，2022.",
        (),
    ),
    (
        "英文.md",
        (
            "---\nauthors: [Rowan Vale]\ndate: 2024-06-30\npublisher: Harbour Council\n---\n"
            "# Annual report of the harbour workers\n\nIt was a good year for all who work there.\n"
        ),
        "Rowan Vale. Annual report of the harbour workers[R]. Harbour Council, 2024-06-30.",
        (),
    ),
]


@pytest.mark.parametrize(("name", "text", "wanted", "missing"), KINDS, ids=[k[0] for k in KINDS])
def test_reports_of_ten_kinds_are_cited_by_the_pattern_of_the_standard(
    tmp_path: Path, name: str, text: str, wanted: str, missing: tuple[str, ...]
) -> None:
    one = cited(report(tmp_path, name, text))
    assert entry(one) == wanted
    assert one.missing == missing


def test_the_page_of_a_report_and_its_subtitle_are_cited(tmp_path: Path) -> None:
    one = replace(
        cited(report(tmp_path, KINDS[2][0], KINDS[2][1])), title="文化总结：十件实事", page=12
    )
    assert entry(one) == "沈汀澜. 文化总结：十件实事[R]. 云汀文化馆，2024-12：12."
    assert entry(one, "gbt7714-2015") == "沈汀澜. 文化总结: 十件实事[R]. 云汀文化馆, 2024-12: 12."


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        (f"<!-- saved from url=(0046){URL} -->", URL),
        ('<link rel="canonical" href="/2025/1.html">', None),
        ('<meta property="og:url" content="javascript:alert(1)">', None),
        (f'<link rel="canonical" href=""><meta property="og:url" content="{URL}">', URL),
    ],
)
def test_only_a_whole_address_of_the_web_is_one(
    tmp_path: Path, head: str, wanted: str | None
) -> None:
    assert report(tmp_path, "页.html", page("云汀工会这一年", head)).url == wanted


def test_a_title_that_only_the_file_name_gives_is_missing(tmp_path: Path) -> None:
    one = cited(report(tmp_path, "工作汇编.txt", BODY))
    assert entry(one) == "工作汇编[R]."
    assert one.missing == ("title", "authors", "date", "publisher")


def test_a_corrected_type_counts_more_than_what_is_stated(tmp_path: Path) -> None:
    one = report(tmp_path, KINDS[4][0], KINDS[4][1])
    assert document_type(one) == "newspaper"
    page_of_it = cited(replace(one, document_type="webpage"))
    assert (
        entry(page_of_it) == f"江砚秋. 一扇门照见一年路[EB/OL]. （2024-02-03）[2026-11-21]. {URL}."
    )


@pytest.mark.parametrize(
    ("style", "kind", "wanted"),
    [
        ("gbt7714-2015", 1, f"云汀市总工会2024年工作报告[R/OL]. (2025-01-16)[2026-11-21]. {URL}."),
        ("gbt7714-2015", 3, "把家安在职工心坎上[N]. 云汀日报, 2024-02-03(15)."),
        ("gbt7714-2015", 4, f"[N/OL]. 云汀日报, 2024-02-03(A02)[2026-11-21]. {URL}."),
        ("apa", 0, "岑叙白. (2025). 2025年青岚县政府工作报告."),
        ("apa", 3, "江砚秋, & 陆知遥. (2024, February 3). 把家安在职工心坎上. 云汀日报, 15."),
        ("apa", 6, f"云汀工会这一年. (2025, January 18). 云汀工会网. {URL}"),
        ("apa", 7, "驿站地图上线了. (n.d.). https://yizhan.example/map.html"),
        ("apa", 8, "温如初, 林暮, 江砚秋, & 陆知遥. (2022). 春风化雨. 柳溪市档案馆."),
        ("mla", 3, "江砚秋, and 陆知遥. “把家安在职工心坎上.” 云汀日报, 3 Feb. 2024, p. 15."),
        ("mla", 6, f"“云汀工会这一年.” 云汀工会网, 18 Jan. 2025, {URL}. Accessed 21 Nov. 2026."),
        ("mla", 8, "温如初, et al. 春风化雨. 柳溪市档案馆, 2022."),
        ("chicago", 2, "沈汀澜. 2024. 汀南区文化工作总结. 云汀文化馆."),
        (
            "chicago",
            3,
            "江砚秋, and 陆知遥. 2024. “把家安在职工心坎上.” 云汀日报, February 3, 2024.",
        ),
        ("chicago", 6, f"云汀工会网. 2025. “云汀工会这一年.” January 18, 2025. {URL}."),
        (
            "chicago",
            7,
            "“驿站地图上线了.” n.d. Accessed November 21, 2026. https://yizhan.example/map.html.",
        ),
    ],
)
def test_other_styles_arrange_the_same_elements(
    tmp_path: Path, style: Style, kind: int, wanted: str
) -> None:
    assert entry(report(tmp_path, *KINDS[kind][:2]), style).endswith(wanted)


def test_markdown_sets_titles_in_italics_links_addresses_and_escapes_the_rest(
    tmp_path: Path,
) -> None:
    one = replace(cited(report(tmp_path, *KINDS[1][:2])), title="a*b_[c]")
    assert entry(one, "chicago", "markdown").endswith(rf"2025. *a\*b\_\[c\]*. <{URL}>.")


def test_a_list_numbers_passages_and_names_equal_references_once(tmp_path: Path) -> None:
    first, second = (report(tmp_path, *KINDS[kind][:2]) for kind in (0, 3))
    cited_three = [cited(first), cited(second), cited(first, 2)]
    listed = reference_list(cited_three, style="gbt7714-2025", form="text", accessed=CITED)
    assert [line[:6] for line in listed.splitlines()] == ["[1] 岑叙", "[2] 江砚"]
    items = json.loads(reference_list(cited_three, style="apa", form="csl-json", accessed=CITED))
    assert [item["id"] for item in items] == [first.id, second.id]
    assert "；" in items[0]["note"]


def test_csl_json_holds_what_is_stated_by_field(tmp_path: Path) -> None:
    one = report(tmp_path, *KINDS[4][:2])
    (item,) = json.loads(reference_list([cited(one)], style="apa", form="csl-json", accessed=CITED))
    assert item.pop("note")
    assert item == {
        "id": one.id,
        "type": "article-newspaper",
        "title": "一扇门照见一年路",
        "author": [{"literal": "江砚秋"}],
        "issued": {"date-parts": [[2024, 2, 3]]},
        "container-title": "云汀日报",
        "page": "A02",
        "URL": URL,
        "language": "zh-CN",
    }


LINES = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30
)
NASTY = st.text("\\{}%&$#_~^-'`\"@,;<>?!=|[]*中文a1", min_size=1, max_size=30)
TEXTS = st.one_of(LINES, NASTY)


def made(title: str, author: str, publisher: str) -> Reference:
    return Reference(
        key="3ac8e3aec848",
        type="report",
        title=title,
        authors=(author,),
        issued="2025-01-08",
        publisher=publisher,
        container=None,
        edition=None,
        url="https://a.example/b%20c_d~e#f{g}",
        accessed=None,
        page=None,
        place="第1段",
        chinese=True,
        missing=(),
    )


@given(TEXTS, TEXTS, TEXTS)
def test_ris_read_by_another_program_gives_the_same_elements(
    title: str, author: str, publisher: str
) -> None:
    one = made(title, author, publisher)
    text = reference_list([one, one], style="apa", form="ris", accessed=CITED)
    (item,) = rispy.loads(text.replace("\r\n", "\n"))
    assert (item["title"], item["authors"], item["publisher"]) == (title, [author], publisher)
    assert (item["year"], item["id"]) == ("2025", "3ac8e3aec848")


@given(TEXTS, TEXTS, TEXTS)
def test_bibtex_read_by_another_program_gives_the_same_elements(
    title: str, author: str, publisher: str
) -> None:
    text = reference_list(
        [made(title, author, publisher)], style="apa", form="bibtex", accessed=CITED
    )
    # This parser knows other names for the signs of LaTeX.
    for known, unknown in (("lbrace", "textbraceleft"), ("rbrace", "textbraceright")):
        text = text.replace(f"\\{unknown}{{}}", f"\\{known}{{}}")
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert library.failed_blocks == []
    (item,) = library.entries
    fields = {key: field.value for key, field in item.fields_dict.items()}
    assert (item.entry_type, item.key, fields["year"]) == ("techreport", "3ac8e3aec848", "2025")
    title, author, publisher = (text.replace("^", "\u02c6") for text in (title, author, publisher))
    read = (fields["title"], fields["author"], fields["institution"])
    assert read == (title, author, publisher)


@pytest.fixture(scope="module")
def client(server_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server_url, timeout=30) as client:
        yield client


def passages(client: httpx.Client) -> list[str]:
    items = client.get("/api/v1/reports").json()["items"]
    return [f"{item['id']}:2" for item in items]


@pytest.mark.model
@pytest.mark.parametrize(
    ("form", "media_type", "suffix", "begins"),
    [
        ("text", "text/plain", "txt", "[1] 岑叙白. "),
        ("markdown", "text/markdown", "md", "1. 岑叙白. "),
        ("bibtex", "application/x-bibtex", "bib", "@techreport{"),
        ("ris", "application/x-research-info-systems", "ris", "TY  - RPRT"),
        ("csl-json", "application/vnd.citationstyles.csl+json", "json", "["),
    ],
)
def test_the_service_replies_each_format_as_a_file(
    client: httpx.Client, form: str, media_type: str, suffix: str, begins: str
) -> None:
    reply = client.get("/api/v1/citations", params={"passage": passages(client), "format": form})
    assert reply.status_code == 200
    assert reply.headers["content-type"].partition(";")[0] == media_type
    assert reply.headers["content-disposition"] == f'attachment; filename="references.{suffix}"'
    assert reply.text.startswith(begins)


@pytest.mark.model
def test_a_passage_is_cited_as_the_list_cites_it(client: httpx.Client) -> None:
    asked = {"question": "青岚县今年粮食产量目标是多少？", "top_k": 1}
    passage = client.post("/api/v1/ask", json=asked).json()["passages"][0]
    name = f"{passage['report']['id']}:{passage['paragraph']}"
    listed = client.get("/api/v1/citations", params={"passage": name}).text
    assert listed == f"[1] {passage['citation']['gbt7714']}\n"
    assert passage["citation"]["missing"] == ["publisher"]
    report = client.get(f"/api/v1/reports/{passage['report']['id']}").json()
    digest = passage["target"]["source"].removeprefix("ni:///sha-256;")
    assert urlsafe_b64decode(f"{digest}=").hex() == report["sha256"]


@pytest.mark.model
@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({}, "passage"),
        ({"passage": "nothing"}, "passage[0]"),
        ({"passage": ["0123456789ab:1"]}, "passage[0]"),
        ({"passage": "{known}:99999"}, "passage[0]"),
        ({"passage": "{known}:1", "style": "harvard"}, "style"),
        ({"passage": "{known}:1", "format": "pdf"}, "format"),
        ({"passage": "{known}:1", "accessed": "gestern"}, "accessed"),
    ],
)
def test_what_cannot_be_cited_is_refused_by_field(
    client: httpx.Client, params: dict[str, str], field: str
) -> None:
    known = passages(client)[0].partition(":")[0]
    filled = {
        name: value.replace("{known}", known) if isinstance(value, str) else value
        for name, value in params.items()
    }
    reply = client.get("/api/v1/citations", params=filled)
    assert (reply.status_code, reply.json()["type"]) == (422, "urn:youju:problem:invalid-request")
    (error,) = reply.json()["errors"]
    assert error["field"] == field
    assert error["reason"] != "无法识别。"
