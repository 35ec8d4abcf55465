"""``/api/v1/reports/{id}/pages``: pages drawn from the kept file, and what cannot be drawn."""

import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import httpx
import pypdfium2 as pdfium
import pytest
from conftest import running_server
from PIL import Image
from printed_pages import FONT, HEIGHT, WIDTH
from reportlab.pdfgen.canvas import Canvas

from corpus import Limits, Report, UnreadableReport, page_image, page_sizes, read_report
from index import Encoder, build_index
from youju import Client, NotFound

pytestmark = pytest.mark.model

SENTENCE = "青岚县全年修建农村公路一百二十公里。"


def printed(path: Path) -> None:
    """A PDF file with an upright page and one that is shown turned, a sentence on each."""
    made = BytesIO()
    canvas = Canvas(made, pagesize=(WIDTH, HEIGHT))
    for sentence in (SENTENCE, SENTENCE.replace("修建", "养护")):
        canvas.setFont(FONT, 14)
        canvas.drawString(100, 600, sentence)
        canvas.showPage()
    canvas.save()
    document = pdfium.PdfDocument(made.getvalue())
    document[1].set_rotation(90)
    document.save(path)
    document.close()


@pytest.fixture(scope="module")
def shown(
    tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, sample_reports: tuple[Report, ...]
) -> Iterator[SimpleNamespace]:
    """A server over a PDF file, a broken one in the place of one that was read, and a text."""
    folder = tmp_path_factory.mktemp("printed")
    reports, data = folder / "reports", folder / "data"
    reports.mkdir()
    printed(reports / "公路.pdf")
    printed(reports / "坏.pdf")
    (reports / "坏.pdf").write_bytes((reports / "坏.pdf").read_bytes() + b"% another file\n")
    (reports / "小结.txt").write_text("小结\n\n全年工作已经完成。\n", encoding="utf-8")
    read = [read_report(path, file=path.name) for path in sorted(reports.iterdir())]
    build_index(read, data=data, encoder=encoder, folder=reports)
    ids = {report.file: report for report in read}
    (data / "originals" / f"{ids['坏.pdf'].sha256}.pdf").write_bytes(b"%PDF-1.7 damaged")
    with running_server(data) as url, httpx.Client(base_url=url, timeout=60) as client:
        yield SimpleNamespace(client=client, reports=ids, data=data)


def get(shown: SimpleNamespace, file: str, place: str = "", **headers: str) -> httpx.Response:
    path = f"/api/v1/reports/{shown.reports[file].id}/pages{place}"
    reply: httpx.Response = shown.client.get(path, headers=headers)
    return reply


def kind(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["type"].rpartition(":")[2]


def test_pages_are_listed_with_their_sizes_as_shown(shown: SimpleNamespace) -> None:
    listed = get(shown, "公路.pdf").json()
    sizes = [(page["number"], page["width"], page["height"]) for page in listed["items"]]
    assert sizes == [(1, WIDTH, HEIGHT), (2, HEIGHT, WIDTH)]
    assert listed["total"] == 2
    some = get(shown, "公路.pdf", "?limit=1&offset=1").json()
    assert (some["items"], some["total"]) == (listed["items"][1:], 2)


@pytest.mark.parametrize("number", [1, 2])
def test_a_page_is_drawn_so_that_the_boxes_of_its_spans_hold_the_words(
    shown: SimpleNamespace, number: int
) -> None:
    reply = get(shown, "公路.pdf", f"/{number}?width=800")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "image/png")
    image = Image.open(BytesIO(reply.content)).convert("L")
    size = get(shown, "公路.pdf").json()["items"][number - 1]
    scale = 800 / size["width"]
    assert image.size == (800, pytest.approx(size["height"] * scale, abs=1))
    path = f"/api/v1/reports/{shown.reports['公路.pdf'].id}/paragraphs"
    spans = [
        span
        for paragraph in shown.client.get(path).json()["items"]
        for span in paragraph["spans"]
        if span["page"] == number
    ]
    assert spans
    for span in spans:
        box = [edge * scale for edge in span["box"]]
        inked = image.crop((box[0], box[1], box[2], box[3]))
        assert inked.getextrema()[0] < 100
        image.paste(255, (int(box[0]) - 3, int(box[1]) - 3, int(box[2]) + 3, int(box[3]) + 3))
    assert image.getextrema()[0] > 200


def test_an_unchanged_page_is_not_drawn_again(shown: SimpleNamespace) -> None:
    first = get(shown, "公路.pdf", "/1?width=200")
    assert first.headers["cache-control"] == "private, no-cache"
    tag = first.headers["etag"]
    assert shown.reports["公路.pdf"].sha256 in tag
    again = get(shown, "公路.pdf", "/1?width=200", **{"If-None-Match": f'"x", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
    other = get(shown, "公路.pdf", "/1?width=300", **{"If-None-Match": tag})
    assert other.status_code == 200


@pytest.mark.parametrize("number", [0, -1, 3, 10**12])
def test_a_number_without_a_page_is_not_found(shown: SimpleNamespace, number: int) -> None:
    assert kind(get(shown, "公路.pdf", f"/{number}")) == (404, "no-such-page")


def test_what_has_no_pages_says_so(shown: SimpleNamespace) -> None:
    assert kind(get(shown, "小结.txt")) == (404, "no-pages")
    assert kind(get(shown, "小结.txt", "/1")) == (404, "no-pages")
    unknown = shown.client.get("/api/v1/reports/000000000000/pages/1")
    assert kind(unknown) == (404, "unknown-report")
    english = get(shown, "小结.txt", **{"Accept-Language": "en"})
    assert english.json()["title"] == "This report has no pages"


@pytest.mark.parametrize("place", ["/1?width=199", "/1?width=2001", "/one", "?limit=0"])
def test_what_is_out_of_bounds_is_refused(shown: SimpleNamespace, place: str) -> None:
    assert kind(get(shown, "公路.pdf", place)) == (422, "invalid-request")


def test_a_damaged_file_is_not_drawn_and_costs_its_own_pages_only(shown: SimpleNamespace) -> None:
    reply = get(shown, "坏.pdf", "/1")
    assert kind(reply) == (404, "no-original")
    assert "重新上传" in reply.json()["detail"]
    assert get(shown, "公路.pdf", "/1").status_code == 200
    assert shown.client.get("/readyz").status_code == 200


def test_a_file_that_was_not_kept_says_so(shown: SimpleNamespace) -> None:
    kept = shown.data / "originals" / f"{shown.reports['小结.txt'].sha256}.txt"
    content = kept.read_bytes()
    kept.unlink()
    assert kind(get(shown, "小结.txt", "/1")) == (404, "no-original")
    kept.write_bytes(content)


def test_a_picture_is_its_own_only_page_and_is_not_enlarged(tmp_path: Path) -> None:
    path = tmp_path / "扫描.png"
    Image.new("RGBA", (300, 600), (255, 255, 255, 0)).save(path, dpi=(50, 50))
    (size,) = page_sizes(path, file=path.name)
    assert (size.number, size.width, size.height) == (
        1,
        pytest.approx(432, abs=1),
        pytest.approx(864, abs=1),
    )
    for width, expected in ((200, (200, 400)), (2000, (300, 600))):
        drawn = page_image(path, file=path.name, number=1, width=width)
        assert drawn is not None
        assert Image.open(BytesIO(drawn)).size == expected
    assert page_image(path, file=path.name, number=2, width=200) is None


def test_a_page_of_absurd_length_is_drawn_small(tmp_path: Path) -> None:
    path = tmp_path / "长.pdf"
    canvas = Canvas(str(path), pagesize=(20, 14000))
    canvas.drawString(0, 10, "x")
    canvas.save()
    drawn = page_image(path, file=path.name, number=1, width=2000)
    assert drawn is not None
    width, height = struct.unpack(">II", drawn[16:24])
    assert width * height < 31_000_000


def test_drawing_keeps_to_its_limits(tmp_path: Path) -> None:
    path = tmp_path / "满.pdf"
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT))
    for number in range(60_000):
        canvas.circle(WIDTH / 2, HEIGHT / 2, number % 400)
    canvas.save()
    with pytest.raises(UnreadableReport, match="已停止"):
        page_image(path, file=path.name, number=1, width=2000, limits=Limits(0.05, 0.05))


def test_the_python_client_has_them_too(shown: SimpleNamespace) -> None:
    report = shown.reports["公路.pdf"].id
    with Client(str(shown.client.base_url)) as client:
        assert [page.number for page in client.pages(report)] == [1, 2]
        assert client.page_image(report, 1, width=300).startswith(b"\x89PNG")
        with pytest.raises(NotFound):
            client.page_image(report, 3)
