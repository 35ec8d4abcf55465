"""The words of an exported conversation that are ours, in both languages."""

from .export_models import ExportSource
from .problems import Language, Text

EXPORTED = Text("导出于 {day}。", "Exported on {day}.")
ANSWER = Text("回答：", "Answer: ")
NOT_ANSWERED = Text(
    "这些报告里没有找到答案。下面是最接近的段落，未必回答了问题。",
    "No answer was found in these reports. The passages below come nearest and may not answer it.",
)
NOTHING_NEAR = Text(
    "这些报告里没有找到答案，也没有接近的段落。",
    "No answer was found in these reports, and no passage comes near.",
)
SOURCES = Text("依据", "Evidence")
NEAREST = Text("最接近的段落", "Nearest passages")
OPEN = Text("在原文中查看", "View in the report")
PARAGRAPH = Text("第{number}段", "paragraph {number}")


def place(source: ExportSource, language: Language) -> str:
    """Where a passage stands: 《report》heading，heading，第3段."""
    comma = "，" if language == "zh" else ", "
    number = PARAGRAPH.say(language, number=source.paragraph)
    return f"《{source.title}》{comma.join([*source.section, number])}"
