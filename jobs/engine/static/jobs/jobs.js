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

function showSwitch() {
  liveSwitch.setAttribute("aria-pressed", String(isOn()));
  liveSwitch.hidden = document.querySelector("[data-live]") === null;
}

// Without htmx in the layout of the project, the pages stay as they are.
if (liveSwitch && window.htmx) {
  showSwitch();
  liveSwitch.addEventListener("click", () => {
    sessionStorage.setItem("jobs-live", isOn() ? "off" : "on");
    showSwitch();
  });
  setInterval(() => {
    showSwitch();
    const live = document.querySelector("[data-live]");
    if (live && isOn() && !document.hidden && !isInUse(live)) {
      htmx.trigger(live, "refresh");
    }
  }, EVERY);
}
