// The page's own words in two languages. Chinese comes first; English is one click away and
// remembered. Elements remember which text they show, so that a switch reaches what is there.

const TEXTS = {
  zh: {
    otherLanguage: "English",
    skipToQuestion: "跳到提问框",
    skipToReport: "跳到正文",
    newConversation: "新对话",
    welcomeTitle: "问报告，看原文。",
    welcomeLead:
      "用平常的话提问。每个回答都是报告里的原句，附上所在章节和可以直接粘贴的引文；报告里没有的，会直说没有。",
    examplesTitle: "可以这样问",
    exampleQuestion: "{report}里，“{heading}”是怎么说的？",
    libraryTitle: "已装入 {count} 份报告",
    libraryMore: "其余 {count} 份",
    libraryEmpty: "还没有装入报告。请点右上角的“报告”添加。",
    libraryLoading: "正在装载报告，马上就好…",
    conversation: "对话",
    questionLabel: "问题",
    questionPlaceholder: "想从报告里知道什么？",
    send: "提问",
    composerHint: "Enter 发送，Shift + Enter 换行",
    counter: "{count} / {limit} 字",
    stop: "停止",
    stopped: "已停止。",
    history: "历史",
    reports: "报告",
    export: "导出",
    close: "关闭",
    reportsTitle: "报告",
    addReports: "添加报告…",
    dropHere: "也可以把文件拖到页面上",
    dropNow: "松开鼠标，加入报告",
    uploading: "正在上传",
    "upload-waiting": "等待读取",
    "upload-reading": "正在读取",
    "upload-indexing": "正在建立索引",
    "upload-done": "已加入",
    searchReports: "按题名、单位、文件名筛选",
    anyYear: "全部年份",
    anyBody: "全部地区和单位",
    askThese: "只问列出的这些",
    reportsListed: "列出 {count} 份，共 {total} 份",
    openReport: "打开",
    reread: "重新读取",
    rereadNamed: "重新读取《{title}》",
    rereadDone: "《{title}》已重新读取",
    remove: "移除",
    removeNamed: "移除《{title}》",
    removeSurely: "确定移除？",
    removeSurelyNamed: "确定移除《{title}》？",
    removed: "《{title}》已移除",
    removedReports: "已移除 {count} 份（文件夹里的原文件没有动）",
    restore: "放回",
    restoreNamed: "放回《{title}》",
    noneIsAll: "一份也没有选，就问全部报告。",
    scopeOf: "只问选中的 {count} 份报告",
    scopeClear: "问全部",
    historyTitle: "历史对话",
    historyHint: "只存在这个浏览器里。",
    searchHistory: "在问题和回答里查找",
    historyCount: "{count} 个对话",
    noHistory: "还没有对话。",
    turnCount: "{count} 问",
    forget: "删除",
    forgetNamed: "删除对话“{title}”",
    forgetAll: "全部删除",
    forgetAllSurely: "确定全部删除？",
    exportMarkdown: "导出 Markdown",
    exportDocx: "导出 Word",
    searching: "正在查找…",
    understoodAs: "按这个问题查找：{question}",
    respelt: "“{wrong}”按“{right}”查找",
    subjectMeant: "“{text}”指{name}",
    synonymsTried: "“{word}”也按“{synonyms}”查找",
    silent: "报告里没有说到：{names}",
    comparison: "比较",
    nothingSaid: "没有说到",
    alsoSaid: "同样的内容还见于",
    why: "为什么是这一段",
    whyNamed: "问题点名了这份报告所说的地区或单位",
    whyWords: "出现了问题里的词：{words}",
    whySimilar: "意思的相近程度：{similarity}",
    answerLabel: "回答",
    sure: "有把握",
    fairlySure: "较有把握",
    unsure: "不太确定，请核对原文",
    evidence: "依据",
    notFound: "这些报告里没有找到答案",
    notFoundHint: "下面是最接近的段落，未必回答了问题。可以换个说法，或说明地区、年份再问。",
    nothingNear: "可以换个说法，或说明地区、年份再问。",
    nearest: "最接近的段落",
    paragraph: "第 {number} 段",
    expand: "展开全段",
    collapse: "收起",
    openInReport: "在原文中查看",
    newTab: "（新标签页）",
    copyCitation: "复制引文",
    copyMarkdown: "复制 Markdown",
    copied: "已复制",
    copyByHand: "浏览器不让复制，请按 Ctrl+C（Mac 为 ⌘C）：",
    announceAnswer: "找到答案：{text}",
    retry: "重试",
    failed: "没有得到回答",
    unreachable: "连不上服务。请确认它还在运行，然后重试。",
    unreadable: "服务的答复无法识别（{status}）。请稍候重试。",
    loadingReport: "正在打开报告…",
    backToQuestions: "去提问",
    outline: "目录",
    title: "标题",
    subtitle: "副标题",
    date: "日期",
    period: "所述时期",
    publisher: "发布",
    authors: "作者",
    organisation: "单位",
    file: "文件",
    length: "篇幅",
    paragraphs: "{count} 段",
    linkToParagraph: "第 {number} 段的链接",
    origins: "各项读自何处",
    "from-text": "正文",
    "from-file": "文件信息",
    "from-name": "文件名",
    "from-correction": "更正",
    doubts: "存疑 {count} 处，请核对",
    inBothLanguages: "{zh}",
    caption: "图表说明",
    byline: "署名",
    source: "来源",
    salutation: "称呼",
    note: "注释",
    contents: "目录",
    furniture: "页眉页脚",
    table: "表格",
    paragraphNumber: "段",
    page: "第 {number} 页",
    torn: "此段在文件中残缺",
    noSuchParagraph: "这份报告没有第 {number} 段，内容可能已经更新。",
    reportGone: "它可能已经移走或改名。已装入的报告列在提问页上。",
    searchInReport: "在报告里查找",
    matchCount: "第 {number} 处，共 {count} 处",
    noMatch: "没有找到",
    previousSign: "↑",
    nextSign: "↓",
    previousMatch: "上一处",
    nextMatch: "下一处",
    quoteMoved: "报告更新过：所引的话原在第 {number} 段，现在是第 {now} 段。",
    quoteChanged: "报告更新过：第 {number} 段和全文都已没有所引的话。下面是现在的第 {number} 段。原来引的是：",
    quoteGone: "报告更新过：全文已没有所引的话，也没有第 {number} 段。原来引的是：",
    copyLink: "复制链接",
    previousPageSign: "←",
    nextPageSign: "→",
    previousPage: "上一页",
    nextPage: "下一页",
    closeDialog: "关闭",
    pageView: "原页",
    pageNumber: "第 {number} 页",
    pageLoading: "正在打开第 {number} 页…",
    pageOf: "第 {number} 页，共 {count} 页",
    pageImage: "第 {number} 页的图像",
    pageImageMarked: "第 {number} 页的图像，标出了第 {paragraph} 段的位置",
    seePage: "看原页",
  },
  en: {
    otherLanguage: "中文",
    skipToQuestion: "Skip to the question box",
    skipToReport: "Skip to the report",
    newConversation: "New conversation",
    welcomeTitle: "Ask the reports. See the source.",
    welcomeLead:
      "Ask in everyday Chinese. Every answer is a sentence of a report, with its section and a reference ready to paste; what the reports do not say, you are told so.",
    examplesTitle: "You could ask",
    exampleQuestion: "{report}里，“{heading}”是怎么说的？",
    libraryTitle: "{count} reports loaded",
    libraryMore: "{count} more",
    libraryEmpty: "No reports yet. Add some with “Reports” above.",
    libraryLoading: "Loading the reports, just a moment…",
    conversation: "Conversation",
    questionLabel: "Question",
    questionPlaceholder: "Ask about the reports, in Chinese",
    send: "Ask",
    composerHint: "Enter to send, Shift + Enter for a new line",
    counter: "{count} / {limit} characters",
    stop: "Stop",
    stopped: "Stopped.",
    history: "History",
    reports: "Reports",
    export: "Export",
    close: "Close",
    reportsTitle: "Reports",
    addReports: "Add reports…",
    dropHere: "or drop files on the page",
    dropNow: "Let go to add the reports",
    uploading: "uploading",
    "upload-waiting": "waiting",
    "upload-reading": "being read",
    "upload-indexing": "being indexed",
    "upload-done": "added",
    searchReports: "Filter by title, body or file",
    anyYear: "Any year",
    anyBody: "Any region or body",
    askThese: "Ask only those listed",
    reportsListed: "{count} listed of {total}",
    openReport: "Open",
    reread: "Read again",
    rereadNamed: "Read again: {title}",
    rereadDone: "Read again: {title}",
    remove: "Remove",
    removeNamed: "Remove {title}",
    removeSurely: "Really remove?",
    removeSurelyNamed: "Really remove {title}?",
    removed: "Removed: {title}",
    removedReports: "{count} taken out (the files in the folder are untouched)",
    restore: "Put back",
    restoreNamed: "Put back {title}",
    noneIsAll: "None is chosen, so all reports are asked.",
    scopeOf: "Asking only the {count} chosen reports",
    scopeClear: "Ask all",
    historyTitle: "Earlier conversations",
    historyHint: "Kept in this browser only.",
    searchHistory: "Search questions and answers",
    historyCount: "{count} conversations",
    noHistory: "No conversations yet.",
    turnCount: "{count} questions",
    forget: "Delete",
    forgetNamed: "Delete conversation “{title}”",
    forgetAll: "Delete all",
    forgetAllSurely: "Really delete all?",
    exportMarkdown: "Export Markdown",
    exportDocx: "Export Word",
    searching: "Searching…",
    understoodAs: "Searched as: {question}",
    respelt: "“{wrong}” read as “{right}”",
    subjectMeant: "“{text}” is {name}",
    synonymsTried: "“{word}” searched as “{synonyms}” too",
    silent: "The reports say nothing about: {names}",
    comparison: "Comparison",
    nothingSaid: "nothing said",
    alsoSaid: "The same also in",
    why: "Why this passage",
    whyNamed: "The question names the region or body that this report is about",
    whyWords: "Words of the question in it: {words}",
    whySimilar: "Similarity of meaning: {similarity}",
    answerLabel: "Answer",
    sure: "Confident",
    fairlySure: "Fairly confident",
    unsure: "Not certain, check the source",
    evidence: "Evidence",
    notFound: "No answer found in these reports",
    notFoundHint:
      "The passages below come nearest and may not answer it. Try other words, or name the region and year.",
    nothingNear: "Try other words, or name the region and year.",
    nearest: "Nearest passages",
    paragraph: "paragraph {number}",
    expand: "Show all",
    collapse: "Show less",
    openInReport: "View in the report",
    newTab: " (new tab)",
    copyCitation: "Copy citation",
    copyMarkdown: "Copy Markdown",
    copied: "Copied",
    copyByHand: "The browser does not allow copying; press Ctrl+C (⌘C on a Mac):",
    announceAnswer: "Answer found: {text}",
    retry: "Try again",
    failed: "No answer came",
    unreachable: "The service cannot be reached. Check that it is running, then try again.",
    unreadable: "The service's reply cannot be read ({status}). Try again shortly.",
    loadingReport: "Opening the report…",
    backToQuestions: "Ask questions",
    outline: "Contents",
    title: "Title",
    subtitle: "Subtitle",
    date: "Date",
    period: "Period",
    publisher: "Publisher",
    authors: "Authors",
    organisation: "Organisation",
    file: "File",
    length: "Length",
    paragraphs: "{count} paragraphs",
    linkToParagraph: "Link to paragraph {number}",
    origins: "Where this was read",
    "from-text": "text",
    "from-file": "file information",
    "from-name": "file name",
    "from-correction": "correction",
    doubts: "{count} in doubt, please check",
    inBothLanguages: "{en}",
    caption: "Caption",
    byline: "Byline",
    source: "Source",
    salutation: "Salutation",
    note: "Note",
    contents: "Contents",
    furniture: "Running heads and page numbers",
    table: "Table",
    paragraphNumber: "Paragraph",
    page: "p. {number}",
    torn: "The file lacks the rest of this paragraph",
    noSuchParagraph: "This report has no paragraph {number}; it may have been updated.",
    reportGone: "It may have been moved or renamed. The page of questions lists those loaded.",
    searchInReport: "Search in this report",
    matchCount: "{number} of {count}",
    noMatch: "Not found",
    previousSign: "↑",
    nextSign: "↓",
    previousMatch: "Previous match",
    nextMatch: "Next match",
    quoteMoved: "The report has changed: the words cited from paragraph {number} are now in paragraph {now}.",
    quoteChanged: "The report has changed: the words cited are neither in paragraph {number} nor elsewhere. Shown is paragraph {number} as it is now. Cited was:",
    quoteGone: "The report has changed: the words cited are not in it any more, and it has no paragraph {number}. Cited was:",
    copyLink: "Copy link",
    previousPageSign: "←",
    nextPageSign: "→",
    previousPage: "Previous page",
    nextPage: "Next page",
    closeDialog: "Close",
    pageView: "The page as printed",
    pageNumber: "Page {number}",
    pageLoading: "Opening page {number}…",
    pageOf: "Page {number} of {count}",
    pageImage: "Image of page {number}",
    pageImageMarked: "Image of page {number}, the place of paragraph {paragraph} marked",
    seePage: "See the page",
  },
};

const STORE = "youju.language";
const shown = new WeakMap();
let current = remembered();

export function language() {
  return current;
}

/** A text in the current language, with {names} filled in. */
export function text(key, values = {}) {
  return TEXTS[current][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Show a text in an element, now and after every switch of language. */
export function show(element, key, values = {}) {
  element.dataset.text = key;
  shown.set(element, values);
  element.textContent = text(key, values);
  return element;
}

/** Name an element for screen readers, now and after every switch of language. */
export function label(element, key, values = {}) {
  element.dataset.label = key;
  shown.set(element, values);
  element.setAttribute("aria-label", text(key, values));
  return element;
}

/** Make a button switch the language, and show the page in the one that was chosen last. */
export function offerLanguages(button) {
  button.addEventListener("click", () => {
    current = current === "zh" ? "en" : "zh";
    remember(current);
    translate(button);
  });
  translate(button);
}

function translate(button) {
  document.documentElement.lang = current === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = text(element.dataset.text, shown.get(element));
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", text(element.dataset.label, shown.get(element)));
  }
  for (const element of document.querySelectorAll("[data-placeholder]")) {
    element.placeholder = text(element.dataset.placeholder);
  }
  button.textContent = text("otherLanguage");
  button.lang = current === "zh" ? "en" : "zh-CN";
}

// Storage may be switched off; then the choice lasts as long as the page.
function remembered() {
  try {
    return localStorage.getItem(STORE) === "en" ? "en" : "zh";
  } catch {
    return "zh";
  }
}

function remember(choice) {
  try {
    localStorage.setItem(STORE, choice);
  } catch {
    // See above.
  }
}
