// Development only: keeps the list of mails fresh without disturbing the open one.
"use strict";

const EVERY = 2000;

async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("mails");
  const list = document.getElementById("mails");
  if (!fresh || fresh.innerHTML === list.innerHTML) return;
  const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  list.replaceChildren(...fresh.childNodes);
  if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

async function keepFresh() {
  try {
    await refresh();
  } catch {
    // The server may be starting again; the next round will tell.
  }
  setTimeout(keepFresh, EVERY);
}

setTimeout(keepFresh, EVERY);
