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

  const guess = () => {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!here) return;
    if (![...zone.options].some((option) => option.value === here)) zone.add(new Option(here, here));
    zone.value = here;
  };

  if (zone && hour) {
    if (zone.hasAttribute("data-guess")) guess();
    zone.addEventListener("change", tell);
    hour.addEventListener("change", tell);
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
