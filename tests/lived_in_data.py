"""A data folder that has seen every kind of change, for tests of what may happen to it."""

import io
from pathlib import Path

from corpus import read_folder
from index import (
    Change,
    Encoder,
    HybridIndex,
    build_index,
    change_index,
    correct_report,
    read_library,
    read_original,
    receive,
    settle,
)

NORTH = "北川县2024年工作报告\n\n一、公园\n\n全年新建公园十二座，改造旧公园三座。\n"
SOUTH = "南川县2024年工作报告\n\n一、道路\n\n全年修路八十公里，修桥两座。\n"
EAST = "东川县2024年工作报告\n\n一、粮食\n\n全年粮食产量九万吨，比上年增加一千吨。\n"
WEST = "西川县2024年工作报告\n\n一、学校\n\n全年新建学校五所，新增学位两千个。\n"
QUESTIONS = ["新建公园多少座？", "粮食产量是多少？", "修路多少公里？"]


def live_in(root: Path, encoder: Encoder) -> Path:
    """Make a data folder below ``root``.

    It holds a report of a folder with a correction beside it and one made in the service, an
    upload, a report that was taken out, an upload that waits, synonyms and a mark.
    """
    folder, data = root / "reports", root / "data"
    folder.mkdir()
    (folder / "北川.txt").write_text(NORTH, "utf-8")
    (folder / "北川.txt.toml").write_text('date = "2024-02"\n', "utf-8")
    (folder / "南川.txt").write_text(SOUTH, "utf-8")
    build_index(read_folder(folder).reports, data=data, encoder=encoder, folder=folder)
    upload = receive(data, io.BytesIO(EAST.encode()), "东川.txt")
    added = [read_original(data, upload.original)]
    change_index(Change(added=added), data=data, encoder=encoder)
    settle(data, upload, report=added[0].id)
    by_file = {one.file: key for key, one in read_library(data).reports.items()}
    correct_report(by_file["北川.txt"], {"publisher": "北川日报"}, data=data, encoder=encoder)
    change_index(Change(taken_out={by_file["南川.txt"]}), data=data, encoder=encoder)
    receive(data, io.BytesIO(WEST.encode()), "西川.txt")
    (data / "synonyms.txt").write_text("公园 绿地\n", "utf-8")
    (data / "feedback.jsonl").write_text('{"question": "？"}\n', "utf-8")
    return data


def answers(data: Path, encoder: Encoder) -> list[object]:
    """What a data folder answers.

    Scores are rounded far: those of texts that are embedded in another company differ in the last
    digits, and what is rounded near to that falls on another side now and then.
    """
    index = HybridIndex(data, encoder)
    found = [hit for question in QUESTIONS for hit in index.search(question, limit=5)]
    places = [(hit.report.id, hit.paragraph, hit.window, round(hit.score, 1)) for hit in found]
    return [index.reports, places]
