// Keeps the dashboard fresh while somebody looks at it, and leaves alone what they read or are about to press.
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

// Without htmx in the layout of the project, the pages stay as they are.
if (liveSwitch && window.htmx) {
  let askedAt = 0;
  let notBefore = 0;
  showSwitch();
  liveSwitch.addEventListener("click", () => {
    sessionStorage.setItem("jobs-live", isOn() ? "off" : "on");
    showSwitch();
  });
  document.addEventListener("htmx:beforeRequest", () => {
    askedAt = performance.now();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    // A busy server is asked less often, one that refuses or is away still less.
    const now = performance.now();
    notBefore = now + (event.detail.successful ? 5 * (now - askedAt) : 5 * EVERY);
    showSwitch();
  });
  setInterval(() => {
    const live = document.querySelector("[data-live]");
    if (live && isOn() && !document.hidden && performance.now() >= notBefore && !isInUse(live)) {
      htmx.trigger(live, "refresh");
    }
  }, EVERY);
}
