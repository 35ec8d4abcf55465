"""What can be typed after ``youju``: the commands, their arguments, what ``--help`` says."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - has no other name


def parser(*, version: str, data: Path) -> argparse.ArgumentParser:
    """The parser of the command line; what it parses has the command's name in ``command``.

    Args:
        version: of Youju.
        data: the data folder where none is given.
    """
    parser = argparse.ArgumentParser(
        prog="youju", description="有据：用中文问你的工作报告，每个答案都指出原文出处。"
    )
    parser.add_argument("--version", action="version", version=f"youju {version}")
    in_data, shared, stored = _shared(data)
    commands = parser.add_subparsers(required=True, metavar="命令")

    index = commands.add_parser("index", parents=[stored], help="读入一个文件夹里的报告并建立索引")
    index.add_argument("reports", type=Path, help="报告文件夹（.docx .doc .pdf .html .md .txt 等）")
    index.add_argument("--json", action="store_true", help="结果以 JSON 写到标准输出")
    index.set_defaults(command="index")

    read = commands.add_parser(
        "read", help="看一份报告读成了什么样：题名日期、标题层级、段落种类、存疑之处"
    )
    read.add_argument("file", type=Path, help="报告文件")
    form = read.add_mutually_exclusive_group()
    form.add_argument("--outline", action="store_true", help="只看标题层级")
    form.add_argument("--json", action="store_true", help="结果以 JSON 写到标准输出")
    read.set_defaults(command="read")

    ask = commands.add_parser("ask", parents=[stored], help="问一个问题")
    ask.add_argument("question", type=_question, help="问题，最多 2000 字")
    ask.add_argument(
        "-k", type=_passage_count, help="最多几个段落，1 到 50（默认 5，或每份报告一个）"
    )
    ask.add_argument("--json", action="store_true", help="结果以 JSON 写到标准输出")
    ask.set_defaults(command="ask")

    verify = commands.add_parser(
        "verify", parents=[stored], help="核对一篇文稿里的引文：一字不差、有改动，还是没有找到"
    )
    verify.add_argument("file", type=Path, help="文稿（.md 或 .docx）")
    verify.add_argument("--json", action="store_true", help="结果以 JSON 写到标准输出")
    verify.set_defaults(command="verify")

    serve = commands.add_parser("serve", parents=[stored], help="启动网页和 HTTP 服务")
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
    serve.set_defaults(command="serve")

    _add_token_commands(
        commands.add_parser("token", help="让别人使用服务：添加、列出、收回令牌"), in_data
    )

    mcp = commands.add_parser(
        "mcp", parents=[stored], help="作为 MCP 服务，由 AI 助手启动：经标准输入输出检索报告"
    )
    mcp.set_defaults(command="mcp")

    measure = commands.add_parser("eval", parents=[stored], help="用自己的问题衡量回答得好不好")
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
    measure.set_defaults(command="eval")

    _add_upkeep(commands, shared)
    return parser


def _shared(data: Path) -> tuple[argparse.ArgumentParser, ...]:
    """What several commands can be given: the folder; the model too; where the reports are too."""
    in_data = argparse.ArgumentParser(add_help=False)
    in_data.add_argument(
        "--data",
        type=Path,
        help=f"索引所在的文件夹（默认取环境变量 YOUJU_DATA，否则 {data}）",
    )
    shared = argparse.ArgumentParser(add_help=False, parents=[in_data])
    shared.add_argument("--model", help="另用一个 sentence-transformers 模型：文件夹或名称")
    stored = argparse.ArgumentParser(add_help=False, parents=[shared])
    stored.add_argument(
        "--store",
        metavar="milvus:地址",
        help="报告放在 Milvus（2.5 或更高）里，如 milvus:http://127.0.0.1:19530/库名"
        "（默认取环境变量 YOUJU_STORE，没有就放在 --data 里；口令取 YOUJU_STORE_TOKEN）",
    )
    return in_data, shared, stored


def _add_upkeep(commands: "_Commands", shared: argparse.ArgumentParser) -> None:
    """Add the commands that look after a data folder."""
    dump = commands.add_parser("dump", parents=[shared], help="把报告和一切改动备份成一个文件")
    dump.add_argument("file", type=Path, help="备份文件（ZIP），不能已经存在")
    dump.set_defaults(command="dump")

    restore = commands.add_parser("restore", parents=[shared], help="由备份恢复")
    restore.add_argument("file", type=Path, help="youju dump 写出的备份文件")
    restore.add_argument("--replace", action="store_true", help="代替文件夹里已有的一切")
    restore.set_defaults(command="restore")

    doctor = commands.add_parser("doctor", parents=[shared], help="检查安装、模型和索引")
    doctor.add_argument("--repair", action="store_true", help="修复损坏的，并说明做了什么")
    doctor.set_defaults(command="doctor")


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
    add.set_defaults(command="token add")
    tokens.add_parser("list", parents=[data], help="列出令牌").set_defaults(command="token list")
    remove = tokens.add_parser("remove", parents=[data], help="收回一个令牌，立即生效")
    remove.add_argument("name", help="令牌的名称")
    remove.set_defaults(command="token remove")


def _question(value: str) -> str:
    if len(value) > 2000:
        raise argparse.ArgumentTypeError(f"问题有 {len(value)} 个字，最多 2000 个")
    return value


def _passage_count(value: str) -> int:
    if not value.isdigit() or not 1 <= int(value) <= 50:
        raise argparse.ArgumentTypeError(f"{value!r} 应为 1 到 50 的整数")
    return int(value)
