"""A model of the service beside the service: uploads, edits, deletions, questions, crashes.

Hypothesis chooses what happens. After every step the reports that are searched, their texts and
their corrections are those of the model; a crash in the middle of a step leaves the state before it
or the one after it, and whatever was acknowledged is there after the next start.
"""

import io
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run
from power_cuts import PowerCut, power_for

from corpus import Limits, read_folder
from index import (
    Change,
    Encoder,
    HybridIndex,
    build_index,
    change_index,
    find_faults,
    read_original,
    receive,
)
from qa import Answerer
from web.importing import Importer
from web.loading import Loading

pytestmark = pytest.mark.model

PLACES = ("东川", "西川", "南川")
FIGURES = ("九", "三十", "六百")
PUBLISHERS = ("东川日报", "西川日报")
NORTH = "北川县2024年工作报告\n\n一、公园\n\n全年新建公园十二座，改造旧公园三座。\n"


def text(place: str, figure: str) -> str:
    return f"{place}县2024年工作报告\n\n一、粮食\n\n{place}县全年粮食产量{figure}万吨。\n"


@dataclass(frozen=True)
class State:
    """The uploads that are searched, and the publishers that were corrected, by place."""

    figures: dict[str, str] = field(default_factory=dict)
    publishers: dict[str, str] = field(default_factory=dict)

    def with_figure(self, place: str, figure: str | None) -> "State":
        """The state with another figure of a place, or without its report."""
        others = {key: value for key, value in self.figures.items() if key != place}
        return replace(self, figures=others | ({place: figure} if figure else {}))

    def with_publisher(self, place: str, publisher: str) -> "State":
        """The state with a correction."""
        return replace(self, publishers={**self.publishers, place: publisher})

    @property
    def seen(self) -> dict[str, tuple[str, str | None]]:
        """What can be seen of it: a correction waits for its report to be uploaded again."""
        return {
            place: (figure, self.publishers.get(place)) for place, figure in self.figures.items()
        }


class ServiceMachine(RuleBasedStateMachine):
    """A data folder and the service's own parts over it, beside the state that they should have."""

    whole: ClassVar[Path]
    encoder: ClassVar[Encoder]

    @initialize()
    def start(self) -> None:
        """Begin with a data folder that has one report of a folder, and no uploads."""
        self.folder = tempfile.TemporaryDirectory()
        self.data = shutil.copytree(self.whole, Path(self.folder.name) / "data")
        self.state = State()
        self.queue: list[tuple[str, str]] = []
        self.load()

    def teardown(self) -> None:
        """Leave nothing behind."""
        if hasattr(self, "folder"):
            self.folder.cleanup()

    @rule()
    def reopen(self) -> None:
        """Start the service anew, which takes up what waits."""
        self.load()
        self.index_queue()

    @rule()
    def index_queue(self) -> None:
        """Read and index what was uploaded."""
        self.importer.import_waiting()
        self.state = self.with_queue(self.state)
        self.queue.clear()

    @rule(place=st.sampled_from(PLACES), figure=st.sampled_from(FIGURES))
    def upload(self, place: str, figure: str) -> None:
        """Upload a report, or another version of it."""
        receive(self.data, io.BytesIO(text(place, figure).encode()), f"{place}.txt")
        self.queue.append((place, figure))

    @rule(place=st.sampled_from(PLACES))
    def delete(self, place: str) -> None:
        """Take an upload out."""
        if place in self.state.figures:
            self.take_out(place)
            self.state = self.state.with_figure(place, None)

    @rule(place=st.sampled_from(PLACES), publisher=st.sampled_from(PUBLISHERS))
    def correct(self, place: str, publisher: str) -> None:
        """Correct the publisher of an upload."""
        if place in self.state.figures:
            self.correct_publisher(place, publisher)
            self.state = self.state.with_publisher(place, publisher)

    @rule(place=st.sampled_from(PLACES))
    def ask(self, place: str) -> None:
        """Ask for the figure of a place, whether its report is there or not."""
        answer = self.loading.answerer().ask(f"{place}县全年粮食产量是多少万吨？")
        best = answer.passages[0] if answer.passages else None
        if place in self.state.figures:
            assert best is not None
            assert f"{place}县全年粮食产量{self.state.figures[place]}万吨" in best.text
        elif best is not None:
            assert best.report.file != f"上传/{place}.txt"

    @rule(
        what=st.sampled_from(["index_queue", "upload", "delete", "correct"]),
        place=st.sampled_from(PLACES),
        figure=st.sampled_from(FIGURES),
        publisher=st.sampled_from(PUBLISHERS),
        moment=st.integers(min_value=0, max_value=45),
    )
    def crash(self, what: str, place: str, figure: str, publisher: str, moment: int) -> None:
        """Do something that may crash; then start again."""
        after, act = self.state, Callable[[], object]
        if what == "index_queue":
            act, after = self.importer.import_waiting, self.with_queue(self.state)
        elif what == "upload":
            act = lambda: self.upload(place, figure)  # noqa: E731
        elif place not in self.state.figures:
            return
        elif what == "delete":
            act, after = lambda: self.take_out(place), self.state.with_figure(place, None)
        else:
            act = lambda: self.correct_publisher(place, publisher)  # noqa: E731
            after = self.state.with_publisher(place, publisher)
        try:
            with power_for(moment):
                act()
        except PowerCut:
            self.restart((self.state, after))
        else:
            self.state = after
            if what == "index_queue":
                self.queue.clear()

    def restart(self, possible: tuple[State, ...]) -> None:
        """Start after a crash, and let a next change show what it left half done."""
        assert self.found() in [state.seen for state in possible]
        change_index(Change(), data=self.data, encoder=self.encoder)
        self.load()
        self.importer.import_waiting()
        found = self.found()
        with_queue = map(self.with_queue, possible)
        self.state = next(state for state in with_queue if state.seen == found)
        self.queue.clear()

    def load(self) -> None:
        """Open the data folder, as the service does when it starts."""
        self.loading = Loading(lambda: Answerer(HybridIndex(self.data, self.encoder)))
        self.loading.done.set_result(Answerer(HybridIndex(self.data, self.encoder)))
        self.importer = Importer(self.loading, Limits())

    @invariant()
    def model_and_service_agree(self) -> None:
        """What answers is what the model says, and so is what a restart would open."""
        if hasattr(self, "loading"):
            assert self.found() == self.state.seen
            assert self.loading.answerer().reports == HybridIndex(self.data, self.encoder).reports

    def found(self) -> dict[str, tuple[str, str | None]]:
        """What the data folder says."""
        found = {}
        for report in HybridIndex(self.data, self.encoder).reports:
            if report.file != "北川.txt":
                figure = report.source.partition("产量")[2].partition("万吨")[0]
                place = report.file.removeprefix("上传/").removesuffix(".txt")
                found[place] = (figure, report.publisher)
        return found

    def with_queue(self, state: State) -> State:
        """A state with what waits indexed."""
        for place, figure in self.queue:
            state = state.with_figure(place, figure)
        return state

    def take_out(self, place: str) -> None:
        """What DELETE does."""
        answerer = self.loading.answerer()
        change = Change(taken_out=frozenset([self.report(place)]))
        self.loading.replace(answerer.changed(change))

    def correct_publisher(self, place: str, publisher: str) -> None:
        """What PATCH does."""
        answerer = self.loading.answerer()
        changes = {"publisher": publisher}
        self.loading.replace(answerer.corrected(self.report(place), changes))

    def report(self, place: str) -> str:
        """The id of a place's upload."""
        reports = self.loading.answerer().reports
        return next(one.id for one in reports if one.file == f"上传/{place}.txt")


def test_model_and_service_agree(
    tmp_path_factory: pytest.TempPathFactory, encoder: Encoder
) -> None:
    root = tmp_path_factory.mktemp("machine")
    (root / "reports").mkdir()
    (root / "reports" / "北川.txt").write_text(NORTH, "utf-8")
    reports, data = read_folder(root / "reports").reports, root / "data"
    build_index(reports, data=data, encoder=encoder, folder=root / "reports")
    for place in PLACES:  # so that every vector is known, and steps are quick
        for figure in FIGURES:
            one = receive(data, io.BytesIO(text(place, figure).encode()), f"{place}.txt")
            added = [read_original(data, one.original)]
            change_index(Change(added=added), data=data, encoder=encoder)
            (data / "imports" / f"{one.id}.json").unlink()
    uploaded = {one.id for one in HybridIndex(data, encoder).reports if one.file != "北川.txt"}
    change_index(Change(taken_out=uploaded), data=data, encoder=encoder)
    assert find_faults(data) == []
    ServiceMachine.whole, ServiceMachine.encoder = data, encoder
    run(
        ServiceMachine,
        settings=settings(
            max_examples=8,
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
