// Every page works without this script, which adds dialogs, copy buttons and keyboard shortcuts.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.dialog).showModal();
  }
  const closer = event.target.closest("dialog [data-close]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog").close();
  }
  const copier = event.target.closest("[data-copy]");
  if (copier) copy(copier);
});

// Browsers offer the clipboard only on https and on localhost; elsewhere, a field is selected and copied.
async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const text = source.value || source.textContent;
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
  } else {
    const field = document.createElement("textarea");
    field.value = text;
    button.after(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    button.focus();
  }
  document.querySelector(".copied")?.classList.remove("copied");
  button.classList.add("copied");
  document.getElementById("said").textContent = "Copied";
}

// The slider of the clock says what its position means.
const slider = document.querySelector("input[type=range]");
if (slider) {
  const explain = () => {
    slider.ariaValueText = slider.list.options[slider.value].dataset.text;
    document.getElementById("position-text").textContent = slider.ariaValueText;
  };
  slider.addEventListener("input", explain);
  explain();
}

// The server opens a dialog without making it modal.
for (const dialog of document.querySelectorAll("dialog[open]")) {
  dialog.close();
  dialog.showModal();
}

// The journal: one poll at a time, only while the page is visible. The list never moves while it is paused.
const flows = document.querySelector("[data-live]");
if (flows) {
  const [state, pause, newer] = ["live", "pause", "newer"].map((id) => document.getElementById(id));
  const waiting = new Map();
  let after = Number(flows.dataset.after);
  let request = null;
  let timer = 0;
  let failures = 0;
  let isLeaving = false;
  const say = (text) => {
    if (state.textContent !== text) document.getElementById("said").textContent = state.textContent = text;
    state.classList.toggle("off", text !== "live");
  };
  const insert = () => {
    for (const [number, row] of waiting) {
      const old = flows.querySelector(`[data-flow="${number}"]`);
      const hadFocus = old?.contains(document.activeElement);
      old ? old.replaceWith(row) : flows.prepend(row);
      if (hadFocus) row.querySelector("a").focus();
    }
    if (waiting.size) document.getElementById("nothing")?.remove();
    waiting.clear();
    newer.hidden = true;
  };
  const show = (html) => {
    const rows = new DOMParser().parseFromString(html, "text/html").querySelectorAll("[data-flow]");
    for (const row of [...rows].reverse()) waiting.set(row.dataset.flow, row);
    newer.textContent = `${waiting.size} new`;
    newer.hidden = false;
    if (pause.getAttribute("aria-pressed") !== "true") insert();
  };
  const poll = async () => {
    clearTimeout(timer);
    if (request || isLeaving || document.visibilityState !== "visible") return;
    const own = (request = new AbortController());
    let wait = 200;
    try {
      const url = new URL(flows.dataset.live, location.href);
      url.searchParams.set("after", after);
      say("live");
      const answer = await fetch(url, { signal: own.signal, cache: "no-store" });
      if (!answer.ok) throw new Error(answer.statusText);
      const last = Number(answer.headers.get("Mockidp-Journal"));
      if (last < after) return location.reload();
      if (answer.status === 200) show(await answer.text());
      wait = 1000 * Number(answer.headers.get("Retry-After")) || wait;
      [after, failures] = [last, 0];
    } catch {
      wait = 1000 * Math.min(30, 2 ** failures++);
      if (!own.signal.aborted) say("lost contact, trying again");
    }
    request = null;
    timer = setTimeout(poll, own.signal.aborted ? 0 : wait);
  };
  pause.hidden = false;
  pause.addEventListener("click", () => {
    const paused = pause.getAttribute("aria-pressed") !== "true";
    pause.setAttribute("aria-pressed", paused);
    if (!paused) insert();
  });
  newer.addEventListener("click", insert);
  document.addEventListener("visibilitychange", () => (document.hidden ? request?.abort() : poll()));
  // A poll that is answered while a form is sent would load this page again, instead of the next one.
  const leave = () => {
    isLeaving = true;
    request?.abort();
  };
  document.addEventListener("submit", leave);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", () => {
    isLeaving = false;
    poll();
  });
}

// Shortcuts, which the dialog lists. A setting switches all off except `?`.
const SHORTCUTS_OFF = "mockidp.shortcuts-off";
const shortcutsOff = document.getElementById("shortcuts-off");
const areOff = () => localStorage.getItem(SHORTCUTS_OFF) === "true";
shortcutsOff.ariaPressed = areOff();
shortcutsOff.addEventListener("click", () => {
  localStorage.setItem(SHORTCUTS_OFF, !areOff());
  shortcutsOff.ariaPressed = areOff();
});
let lastKey = "";
// The arrows move only from an entry, so that they scroll the page otherwise.
const move = (by, isArrow) => {
  const entries = [...document.querySelectorAll(".steps summary.entry, #flows a")];
  const at = entries.indexOf(document.activeElement);
  if (isArrow && at < 0) return false;
  const next = entries[at < 0 ? 0 : at + by];
  next?.focus();
  return Boolean(next);
};
const copyStep = () => {
  const number = document.activeElement.closest("[data-exchange]")?.dataset.exchange;
  const button = document.querySelector(number ? `[data-copy="curl-${number}"]` : `.steps [open] [data-copy^="curl-"]`);
  if (button) copy(button);
};
const press = (key) => {
  if (key === "j" || key === "ArrowDown") return move(1, key !== "j");
  if (key === "k" || key === "ArrowUp") return move(-1, key !== "k");
  if (key === "y") copyStep();
  if (key === "p") document.getElementById("pause")?.click();
  if (key === "Escape") document.querySelector(".crumbs li:nth-last-child(2) a")?.click();
  if (key !== "/") return false;
  const field = document.querySelector("main input[type=search]");
  field?.focus();
  return Boolean(field);
};
document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const isTyping = target.closest("input, textarea, select, [contenteditable], dialog");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const page = lastKey === "g" && /^[a-z]$/.test(key) && document.querySelector(`[data-key="${key}"]`);
  lastKey = key;
  if (key === "?") {
    document.getElementById("shortcuts").showModal();
  } else if (areOff()) {
    return;
  } else if (page) {
    location.assign(page.href);
  } else if (press(key)) {
    event.preventDefault();
  }
});
