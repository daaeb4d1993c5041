// Who waits for a mail among a flood of forms: the browser solves the puzzle that the page holds, and the mail goes.
"use strict";

{
  const form = document.querySelector("[data-puzzle]");
  const AT_ONCE = 500;

  const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

  async function solve({ algorithm, challenge, maxNumber, salt, signature }) {
    const letters = new TextEncoder();
    for (let from = 0; from <= maxNumber; from += AT_ONCE) {
      const numbers = Array.from({ length: Math.min(AT_ONCE, maxNumber + 1 - from) }, (_, more) => from + more);
      const digests = await Promise.all(
        numbers.map((number) => crypto.subtle.digest(algorithm, letters.encode(salt + number))),
      );
      const found = digests.findIndex((digest) => hex(digest) === challenge);
      if (found >= 0) return btoa(JSON.stringify({ algorithm, challenge, number: from + found, salt, signature }));
    }
    return null;
  }

  async function prove() {
    const telling = form.querySelector("[data-solving]");
    telling.textContent = telling.dataset.solving;
    const answer = await solve(JSON.parse(form.dataset.puzzle));
    if (answer === null) return;
    form.elements.proof.value = answer;
    form.requestSubmit();
  }

  // Without https browsers lend no digests; then the mail comes when its turn is. And a page that came back by the
  // back button has had its puzzle solved.
  const again = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  if (form && crypto.subtle && !again) prove();
}
