// The studio works without this. With it, findings and preview follow while you write.
"use strict";

const PAUSE = 120;

function caretTo(text, line) {
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  // A text area scrolls to where its value ends: show it up to the line, then all of it.
  const whole = text.value;
  text.value = whole.slice(0, start);
  text.scrollTop = text.scrollHeight;
  const top = text.scrollTop;
  text.value = whole;
  text.scrollTop = top ? top + text.clientHeight / 2 : 0;
  text.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
}

function follow(editor) {
  const text = editor.querySelector("textarea[name=text]");
  const state = document.getElementById("state");
  const frame = document.getElementById("mail");
  const plain = document.getElementById("plain");
  const views = editor.querySelectorAll("a[data-view]");
  const saved = text.value;
  let view = "desktop";
  let html = null;
  let timer = 0;
  let asking = new AbortController();

  const isDirty = () => text.value !== saved || "unsaved" in editor.dataset;

  // The frame runs no script of its own; we put the draft where the saved mail is.
  const fill = () => {
    if (html && frame?.contentDocument?.documentElement) frame.contentDocument.documentElement.innerHTML = html;
  };

  const ask = async () => {
    asking.abort();
    asking = new AbortController();
    const body = new URLSearchParams({ text: text.value, view });
    const headers = { "X-CSRFToken": editor.dataset.token };
    let answer;
    try {
      answer = await fetch(editor.dataset.draft, { method: "POST", body, headers, signal: asking.signal });
    } catch (problem) {
      if (problem.name !== "AbortError") state.textContent = editor.dataset.away;
      return;
    }
    if (answer.status === 401) {
      state.textContent = editor.dataset.signedOut;
      return;
    }
    if (!answer.ok) return;
    const seen = await answer.json();
    document.getElementById("findings").innerHTML = seen.findings;
    document.getElementById("measure").innerHTML = seen.measure;
    html = seen.html;
    if (plain) plain.textContent = seen.text;
    fill();
  };

  text.addEventListener("input", () => {
    state.textContent = isDirty() ? editor.dataset.notSaved : "";
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });

  editor.addEventListener("click", (event) => {
    const line = event.target.closest("a[data-line]");
    if (line) {
      event.preventDefault();
      caretTo(text, Number(line.dataset.line));
    }
  });

  for (const link of views) {
    link.addEventListener("click", () => {
      view = link.dataset.view;
      for (const other of views) other.toggleAttribute("aria-current", other === link);
      link.setAttribute("aria-current", "true");
      frame.classList.toggle("phone", view === "phone");
      if (isDirty()) ask();
    });
  }
  frame?.addEventListener("load", fill);

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      editor.querySelector("button[type=submit]")?.click();
    }
  });

  let leaving = false;
  editor.addEventListener("submit", () => {
    leaving = true;
    sessionStorage.setItem("place", JSON.stringify([location.pathname, text.selectionStart, text.scrollTop]));
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && isDirty()) event.preventDefault();
  });
  const [path, caret, scroll] = JSON.parse(sessionStorage.getItem("place") ?? "[]");
  sessionStorage.removeItem("place");
  if (path === location.pathname) {
    text.focus({ preventScroll: true });
    text.setSelectionRange(caret, caret);
    text.scrollTop = scroll;
  }
  if (isDirty()) ask();
}

function offerCopy(button) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    document.getElementById("state").textContent = button.dataset.copied;
  });
}

for (const editor of document.querySelectorAll("[data-editor]")) follow(editor);
for (const button of document.querySelectorAll("[data-copy]")) offerCopy(button);
