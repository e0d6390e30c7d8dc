// Keeps the dashboard fresh while somebody looks at it, leaves alone what they read or are about to press, and
// asks before it deletes. The pages work without it.
"use strict";

const EVERY = 2000; // milliseconds
const canHover = window.matchMedia("(hover: hover)").matches;
const liveSwitch = document.querySelector("[data-live-switch]");
let isPressed = false;

for (const [event, pressed] of [["pointerdown", true], ["pointerup", false], ["pointercancel", false]]) {
  document.addEventListener(event, () => {
    isPressed = pressed;
  });
}

function isInUse(live) {
  const selection = window.getSelection();
  return (
    isPressed ||
    live.querySelector(":focus") !== null ||
    (canHover && live.querySelector("form:hover") !== null) ||
    (!selection.isCollapsed && live.contains(selection.anchorNode)) ||
    (live.dataset.live === "list" && isBeingRead(live))
  );
}

// New rows move the others, so a list stays as it is under the pointer and when it is scrolled.
function isBeingRead(live) {
  return (
    (canHover && live.querySelector("tbody:hover") !== null) ||
    live.getBoundingClientRect().top < 0 ||
    [...live.querySelectorAll(".table-scroll")].some((table) => table.scrollLeft > 0)
  );
}

function isOn() {
  return sessionStorage.getItem("jobs-live") !== "off";
}

// There is nothing to switch once a job has finished.
function showSwitch() {
  liveSwitch.setAttribute("aria-pressed", String(isOn()));
  liveSwitch.hidden = document.querySelector("[data-live]") === null;
}

// What the server shows now at this address takes the place of what is shown. False if it did not answer with
// the page, as when it is away or somebody has logged out.
async function refresh() {
  const response = await fetch(window.location.href, { cache: "no-store" });
  if (!response.ok) {
    return false;
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById("live");
  const live = document.querySelector("[data-live]");
  if (fresh === null || live === null) {
    return false;
  }
  if (isOn() && !isInUse(live)) {
    for (const kept of live.querySelectorAll("[data-keep]")) {
      fresh.querySelector(`#${CSS.escape(kept.id)}`)?.replaceWith(kept);
    }
    live.replaceWith(fresh);
  }
  return true;
}

if (liveSwitch) {
  let isAsking = false;
  let notBefore = 0;
  showSwitch();
  liveSwitch.addEventListener("click", () => {
    sessionStorage.setItem("jobs-live", isOn() ? "off" : "on");
    showSwitch();
  });
  setInterval(async () => {
    const live = document.querySelector("[data-live]");
    if (isAsking || !live || !isOn() || document.hidden || performance.now() < notBefore || isInUse(live)) {
      return;
    }
    isAsking = true;
    const askedAt = performance.now();
    const isAnswered = await refresh().catch(() => false);
    // A busy server is asked less often, one that refuses or is away still less.
    const now = performance.now();
    notBefore = now + (isAnswered ? 5 * (now - askedAt) : 5 * EVERY);
    isAsking = false;
    showSwitch();
  }, EVERY);
}

document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.jobsConfirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
  }
});
