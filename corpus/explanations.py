"""What the codes of doubts mean to people, and what can be done: one table for every surface."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Explanation:
    """The meaning of a doubt and its remedy, if there is one, in Chinese and in English."""

    zh: str
    en: str


def explain(code: str) -> Explanation:
    """The explanation of a doubt's code; one that is not in the table is shown as it is."""
    return _EXPLANATIONS.get(code) or Explanation(f"其他存疑（{code}）。", f"Other doubt ({code}).")


_EXPLANATIONS = {
    "torn": Explanation(
        "残缺：此段在文件中没有写完，缺的文字不会补造。请核对原件，补全文件后重新读入。",
        "Broken off: the file lacks the rest of this paragraph, and nothing is made up. "
        "Check the original, complete the file and read it again.",
    ),
    "caption-or-heading": Explanation(
        "短行：按图表说明处理，也可能是小标题。若是小标题，请在文件中给它编号，或套用标题样式。",
        "Short line: taken for a caption, but it may be a heading. "
        "If it is, number it in the file or give it a heading style.",
    ),
    "heading-or-text": Explanation(
        "短行：可能是小标题，也可能是正文，归类未必合乎原意。若不合，请在文件中给标题套用标题样式，"
        "给正文补上句末的标点。",
        "Short line: it may be a heading or text. If it was taken wrongly, give a heading its "
        "style in the file, or end the sentence of a text.",
    ),
    "missing-number": Explanation(
        "编号不连续：这个标题之前缺一个编号。请核对原件，看是漏了标题，还是编号有误。",
        "Numbers skip: the number before this heading's is missing. "
        "Check the original: a heading was left out, or the numbering is wrong.",
    ),
    "empty-heading": Explanation(
        "标题下没有正文。请核对原件，看文件是否漏了内容。",
        "Nothing stands under this heading. Check the original: the file may lack its text.",
    ),
    "moved-heading": Explanation(
        "这个标题在文件中位于它的正文之后，已移到正文之前。请核对归属是否正确。",
        "In the file this heading stands after its text; it was moved before it. "
        "Check that it belongs there.",
    ),
    "title-from-name": Explanation(
        "没有找到标题，用了文件名。请在报告开头写明标题，或更正标题。",
        "No title was found, so the file's name stands in. "
        "Write the title at the top of the report, or correct it.",
    ),
    "broken-characters": Explanation(
        "有无法辨认的字符。请用原来的软件重新导出文件，文本文件请存为 UTF-8。",
        "Some characters cannot be made out. Export the file again; save text files as UTF-8.",
    ),
    "scanned-page": Explanation(
        '这一页是扫描图，没有文字，检索不到。请安装文字识别组件（pip install "youju[ocr]"）后重新'
        "读入，或换用有文字的版本。",
        "This page is a scan without text and cannot be searched. Install text recognition "
        '(pip install "youju[ocr]") and read the file again, or use a version with text.',
    ),
    "recognised-page": Explanation(
        "这一页的文字由识别得来，可能有误。引用前请核对原件。",
        "The text of this page was recognised from a picture and may be wrong. "
        "Check the original before you cite it.",
    ),
    "broken-page": Explanation(
        "这一页损坏，没有读入。请用 PDF 阅读器打开原件，另存（或打印为 PDF）后重新读入。",
        "This page is damaged and was not read. "
        "Open the original in a PDF reader, save or print it as PDF, and read it again.",
    ),
    "more-pages": Explanation(
        "网页后面还有续页，只读入了这一页。请把各页存成一份文件，或用网页的“打印”“全文”版本。",
        "The text goes on on further web pages; only this one was read. "
        "Save all of them in one file, or use the page's print or full-text version.",
    ),
    "embedded-document": Explanation(
        "文件中嵌有另一份文档，没有读入。请把它另存为单独的文件。",
        "Another document is embedded in the file and was not read. Save it as a file of its own.",
    ),
}
