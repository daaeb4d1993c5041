// Without this, the browser pastes plain text. With it, text from Word, Google Docs or Notion becomes Markdown.
"use strict";

// What is worth asking about: the server decides whether there is structure in it.
const WORTH_ASKING = /<(?:h[1-6]|p|div|br|li|ul|ol|table|b|strong|i|em|a|img|pre|code|blockquote|span)\b/i;

function inFrontMatter(before) {
  return /^---[ \t]*\n/.test(before) && !/\n---[ \t]*\n/.test(before);
}

// Blocks stand alone: an empty line before and after them, unless there is one.
function fitted(markdown, before, after) {
  const words = markdown.replace(/\n+$/, "");
  if (!words.includes("\n") && !/^(?:#{1,6} |> |- |\d+\. |\||```)/.test(words)) return words;
  const above = !before.trim() || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const below = !after.trim() || after.startsWith("\n\n") ? "\n" : after.startsWith("\n") ? "\n" : "\n\n";
  return above + words + below;
}

// One edit, so that one Ctrl+Z takes it back.
function insert(text, words) {
  text.focus();
  if (!document.execCommand("insertText", false, words)) {
    text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}

function tell(state, editor, answer, line) {
  const found = answer.findings.map(
    (finding) => `${editor.dataset.line.replace("0", finding.line + line)}: ${finding.message}`,
  );
  state.textContent = [answer.said, ...found].filter(Boolean).join(" ");
}

function takePastes(editor) {
  const text = editor.querySelector("textarea[name=text]");
  const state = document.getElementById("state");
  let plainly = false;

  text.addEventListener("keydown", (event) => {
    plainly = event.shiftKey && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "v";
  });

  text.addEventListener("paste", async (event) => {
    const html = event.clipboardData.getData("text/html");
    const plain = event.clipboardData.getData("text/plain");
    const before = text.value.slice(0, text.selectionStart);
    if (plainly || !WORTH_ASKING.test(html) || inFrontMatter(before)) return;
    event.preventDefault();
    const place = [text.value, text.selectionStart, text.selectionEnd];
    const body = new FormData();
    body.append("html", html);
    let answer = { markdown: null, said: "", findings: [] };
    try {
      const reply = await fetch(editor.dataset.paste, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": editor.dataset.token },
      });
      if (reply.ok || reply.status === 422) answer = await reply.json();
    } catch {
      // Out of reach: the plain text is better than nothing.
    }
    if (text.value === place[0]) text.setSelectionRange(place[1], place[2]);
    const start = text.value.slice(0, text.selectionStart);
    const rest = text.value.slice(text.selectionEnd);
    const words = answer.markdown === null ? plain : fitted(answer.markdown, start, rest);
    insert(text, words);
    const above = (start + words.slice(0, words.search(/\S/))).split("\n").length - 1;
    if (answer.said) tell(state, editor, answer, above);
  });
}

for (const editor of document.querySelectorAll("[data-editor]")) takePastes(editor);
