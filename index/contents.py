"""What a snapshot holds: its segments, and which of their reports are searched, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import Report, read_reports

from .corrections import FILE, Corrections, read_corrections
from .errors import SnapshotError
from .format6 import Format6
from .late import MEAN
from .manifests import FORMAT, Manifest, check_files, read_manifest
from .segment import TOKENS, WINDOWS, Segment
from .snapshot import ORDER, check_model, check_segment, current, is_sound, segments_of
from .texts import LINES, REPORTS, sound_reports

Order = NDArray[np.int32]
"""int32 (reports, 2): segment and place in it, of each report."""

_FOR_WRITERS = frozenset([REPORTS, LINES, WINDOWS, f"{TOKENS}/{MEAN}"])
"""Files of every segment that writers look at. Texts vouch for themselves, and segments that are
merged are checked whole."""


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """An open snapshot.

    Attributes:
        folder: where it is.
        manifest: what it says of itself.
        segments: its segments.
        order: its reports.
        corrections: those that the segments were built with.
    """

    folder: Path
    manifest: Manifest
    segments: Sequence[Segment]
    order: Order
    corrections: Corrections

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports in order, as they were read."""
        entries = [segment.entries for segment in self.segments]
        return tuple(entries[segment][place].report for segment, place in self.order.tolist())


def read_contents(folder: Path, known: Mapping[str, Segment] | None = None) -> Contents:
    """Open a snapshot whose files have been checked, as far as they will be read.

    Args:
        folder: of the snapshot.
        known: segments that are open, by the checksums of their manifests.
    """
    manifest = read_manifest(folder)
    corrections = read_corrections(folder / FILE)
    if manifest.format < FORMAT:
        segment = Format6(folder)
        places = np.arange(len(segment.entries), dtype=np.int32)
        order = np.stack([np.zeros_like(places), places], axis=1)
        return Contents(folder, manifest, [segment], order, corrections)
    already = known or {}
    segments = [
        already.get(checksum) or Segment(path, checksum)
        for path, checksum in segments_of(folder, manifest).items()
    ]
    order = np.load(folder / ORDER, allow_pickle=False)
    return Contents(folder, manifest, segments, order, corrections)


def live_contents(data: Path, model: str, known: Mapping[str, Segment] | None = None) -> Contents:
    """Open the live snapshot to change it.

    Only what is needed for that is checked: a change costs what is changed.

    Args:
        data: the data folder.
        model: identity of the encoder.
        known: as of ``read_contents``.

    Raises:
        SnapshotError: there is none, it is broken, or another model made it.
    """
    folder = current(data)
    manifest = read_manifest(folder)
    check_files(folder, manifest)
    for segment, checksum in segments_of(folder, manifest).items():
        if not known or checksum not in known:
            check_segment(segment, checksum, _FOR_WRITERS)
    check_model(folder, manifest, model)
    return read_contents(folder, known)


def reports_in(folder: Path) -> list[Report]:
    """The reports of a snapshot that are sound, read whole, whatever else is broken about it."""
    try:
        manifest = read_manifest(folder)
    except SnapshotError:
        return []
    if manifest.format < FORMAT:
        return list(read_reports(folder / REPORTS)) if is_sound(folder, REPORTS) else []
    sound = {
        (number, place): report
        for number, segment in enumerate(segments_of(folder, manifest))
        for place, report in sound_reports(segment)
    }
    if not is_sound(folder, ORDER):
        return list(sound.values())
    places = map(tuple, np.load(folder / ORDER, allow_pickle=False).tolist())
    return [sound[place] for place in places if place in sound]
