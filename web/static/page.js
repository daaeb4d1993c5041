// Makes the pages nicer; each of them works without it.
"use strict";

// ---- The time zone: guessed from the browser, and told in words. ----
{
  const zone = document.querySelector("[data-zone]");
  const hour = document.querySelector("[data-hour]");
  const zoneWords = document.querySelector("[data-zone-words]");
  const hourWords = document.querySelector("[data-hour-words]");

  const inWords = (name) => {
    const place = name.split("/").pop().replaceAll("_", " ");
    return name.includes("/") ? zoneWords.dataset.zoneWords.replace("{place}", place) : name;
  };

  const tell = () => {
    if (zoneWords) zoneWords.textContent = inWords(zone.value);
    if (hourWords) hourWords.textContent = hour.selectedOptions[0].text;
  };

  // What was chosen before this script was there is not to be guessed away.
  const isChosen = () => !zone.selectedOptions[0].defaultSelected;

  const guess = () => {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const isListed = [...zone.options].some((option) => option.value === here);
    // Some systems have a zone that nobody else knows, such as Etc/Unknown: it would be refused.
    if (!isListed && !zone.dataset.guess.split(" ").includes(here)) {
      document.querySelector("[data-no-guess]").hidden = false;
      return;
    }
    if (!isListed) zone.add(new Option(here, here));
    zone.value = here;
  };

  if (zone && hour) {
    if (zone.hasAttribute("data-guess") && !isChosen()) guess();
    zone.addEventListener("change", tell);
    hour.addEventListener("change", tell);
    // By then the browser has brought back what was chosen here before.
    window.addEventListener("pageshow", tell);
    tell();
  }
}

// ---- The back button may bring a page as it was long ago, or of somebody who has had it erased. ----
window.addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector("[data-as-it-is]")) location.reload();
});

// ---- Addresses to copy: the button is there only where it can do so. ----
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.copied;
  });
}
