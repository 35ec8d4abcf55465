"""Damage to files, as disks, transfers and people with bad intent do it."""

import base64
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from io import BytesIO
from random import Random

Mutation = Callable[[bytes, Random], bytes]

_NUMBERS = (b"-1", b"0", b"65536", b"2147483648", b"99999999999999999999", b"1e308", b"0.0001")
_MOST_MEMBERS = 1000
_STREAM = re.compile(rb"FlateDecode(?:(?!endobj).)*?stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def mutate(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """The file with one to four things wrong; ``others`` are files of the same format."""
    for _ in range(random.choice((1, 1, 2, 4))):
        if zipfile.is_zipfile(BytesIO(data)) and random.random() < 0.8:
            data = _mutate_member(data, random)
        elif data.startswith(b"%PDF") and random.random() < 0.4:
            data = _mutate_stream(data, random)
        elif others and random.random() < 0.1:
            data = _splice(data, random.choice(others), random)
        else:
            data = random.choice(MUTATIONS)(data, random)
    return data


def _mutate_member(data: bytes, random: Random) -> bytes:
    """Change, drop or double a member of a zip file, so that its checksums are right again."""
    changed = BytesIO()
    try:
        with zipfile.ZipFile(BytesIO(data)) as package, zipfile.ZipFile(changed, "w", 8) as copy:
            members = package.infolist()[:_MOST_MEMBERS]
            chosen = random.choice(members) if members else None
            action = random.choice(("change", "change", "change", "drop", "swap"))
            for member in members:
                content = package.read(member)
                if member is chosen and action == "drop":
                    continue
                if member is chosen and action == "swap":
                    content = package.read(random.choice(members))
                if member is chosen and action == "change":
                    content = random.choice(MUTATIONS)(content, random)
                copy.writestr(member.filename, content)
    except Exception:  # noqa: BLE001 - what was damaged before cannot be opened any more
        return _flip(data, random)
    return changed.getvalue()


def _mutate_stream(data: bytes, random: Random) -> bytes:
    """Change what is compressed in a PDF file: a page's content, a font, a table of objects."""
    match = _STREAM.search(data, random.randrange(len(data))) or _STREAM.search(data)
    if match is None:
        return _flip(data, random)
    stream = match[1]
    try:
        armoured = stream.endswith(b"~>")
        content = zlib.decompress(base64.a85decode(stream[:-2]) if armoured else stream)
    except (ValueError, zlib.error):  # what was damaged before
        return _flip(data, random)
    packed = zlib.compress(random.choice(MUTATIONS)(content, random))
    if armoured:
        packed = base64.a85encode(packed) + b"~>"
    return data[: match.start(1)] + packed + data[match.end(1) :]


def _splice(data: bytes, other: bytes, random: Random) -> bytes:
    """The start of one file and the end of another."""
    return data[: random.randrange(len(data) + 1)] + other[random.randrange(len(other) + 1) :]


def _flip(data: bytes, random: Random) -> bytes:
    """Some bytes changed, in one place or all over."""
    changed = bytearray(data)
    for _ in range(random.choice((1, 3, 30, 300)) if data else 0):
        changed[random.randrange(len(data))] = random.choice((0, 255, random.randrange(256)))
    return bytes(changed)


def _cut_off(data: bytes, random: Random) -> bytes:
    """The start of it."""
    return data[: random.randrange(len(data) + 1)]


def _cut_out(data: bytes, random: Random) -> bytes:
    """A piece gone from the middle."""
    start, end = _piece(data, random)
    return data[:start] + data[end:]


def _repeat(data: bytes, random: Random) -> bytes:
    """A piece that comes again, and again."""
    start, end = _piece(data, random)
    return data[:end] + data[start:end] * random.choice((1, 5, 50)) + data[end:]


def _move(data: bytes, random: Random) -> bytes:
    """A piece where it does not belong."""
    start, end = _piece(data, random)
    rest = data[:start] + data[end:]
    place = random.randrange(len(rest) + 1)
    return rest[:place] + data[start:end] + rest[place:]


def _renumber(data: bytes, random: Random) -> bytes:
    """A number, of which much may depend, out of all bounds."""
    return _replace(rb"-?\d+(?:\.\d+)?", data, random, lambda _: random.choice(_NUMBERS))


def _unclose(data: bytes, random: Random) -> bytes:
    """An end that is missing: of an element, an object, a list."""
    return _replace(rb"</[^<>]*>|/>|endobj|endstream|>>|\]", data, random, lambda _: b"")


def _nest(data: bytes, random: Random) -> bytes:
    """An element in itself, many times over: a tag, a list or dictionary of PDF, a group of RTF."""
    depth = random.choice((2, 30, 3000))
    return _replace(rb"<\w[^<>]*[^/<>]>|<<|\[|\{\\?\w*", data, random, lambda tag: tag * depth)


def _double_tag(data: bytes, random: Random) -> bytes:
    """A tag in place of another."""
    tags = re.findall(rb"<[^<>]{1,200}>", data[:200_000])
    return _replace(rb"<[^<>]{1,200}>", data, random, lambda tag: random.choice(tags or [tag]))


def _piece(data: bytes, random: Random) -> tuple[int, int]:
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + random.choice((1, 8, 100, 3000)))


def _replace(pattern: bytes, data: bytes, random: Random, new: Callable[[bytes], bytes]) -> bytes:
    """Replace one match of a pattern, from a place on that chance decides."""
    match = re.compile(pattern).search(data, random.randrange(len(data) + 1))
    if match is None:
        return _flip(data, random)
    return data[: match.start()] + new(match[0]) + data[match.end() :]


MUTATIONS: tuple[Mutation, ...] = (
    _flip,
    _cut_off,
    _cut_out,
    _repeat,
    _move,
    _renumber,
    _unclose,
    _nest,
    _double_tag,
)
