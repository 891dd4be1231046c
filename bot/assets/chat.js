// The chat page without reloading: sends the form in the background and appends what comes back.
// Without this script the page is a plain form and shows the last exchange. In the widget, a frame of
// another site, the session travels in the form, because no cookie does.
(() => {
  "use strict";
  const form = document.getElementById("chat-form");
  const field = document.getElementById("chat-text");
  const log = document.getElementById("chat-log");
  const status = document.getElementById("chat-status");
  if (!form || !window.fetch) return;

  const session = form.elements.namedItem("session");
  const KEPT = session ? "fenghuo-widget" : "fenghuo-chat";
  // Asked for only when it is to speak: some systems start a service for it.
  const speaks = "speechSynthesis" in window;
  let busy = false;

  // A reload keeps the conversation; closing the tab forgets it.
  function keep() {
    try {
      sessionStorage.setItem(KEPT, log.innerHTML);
      if (session) sessionStorage.setItem(`${KEPT}-session`, session.value);
    } catch (_) { /* private mode */ }
  }

  function recall() {
    try { return sessionStorage.getItem(KEPT); } catch (_) { return null; }
  }

  function addSpeech(bubble) {
    if (!speaks || bubble.querySelector(".read")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "read";
    button.textContent = "朗读";
    bubble.append(button);
  }

  function speak(button) {
    const reading = button.getAttribute("aria-pressed") === "true";
    speechSynthesis.cancel();
    for (const other of log.querySelectorAll(".read[aria-pressed=true]")) {
      other.setAttribute("aria-pressed", "false");
      other.textContent = "朗读";
    }
    if (reading) return;
    const words = button.closest(".bubble").querySelector(".words").cloneNode(true);
    for (const choices of words.querySelectorAll(".choices")) choices.remove();
    const said = new SpeechSynthesisUtterance(words.innerText || words.textContent);
    said.lang = "zh-CN";
    said.rate = 0.9;
    said.onend = () => {
      button.setAttribute("aria-pressed", "false");
      button.textContent = "朗读";
    };
    button.setAttribute("aria-pressed", "true");
    button.textContent = "停止朗读";
    speechSynthesis.speak(said);
  }

  function append(html) {
    const part = new DOMParser().parseFromString(html, "text/html");
    const bubbles = [...part.body.querySelectorAll(".bubble")];
    log.append(...bubbles);
    for (const bubble of log.querySelectorAll(".spoken")) addSpeech(bubble);
    const mine = bubbles[0];
    if (mine) mine.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
    keep();
  }

  function calm() {
    return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  async function send(said) {
    busy = true;
    status.textContent = "正在查资料……";
    if (session) said.set("session", session.value);
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: said,
        headers: { "X-Fragment": "1" },
        credentials: "same-origin",
      });
      if (!answer.headers.get("content-type")?.startsWith("text/html")) throw new Error("no page");
      if (session) session.value = answer.headers.get("X-Session") || session.value;
      append(await answer.text());
      status.textContent = "";
      return true;
    } catch (_) {
      status.textContent = "没有连上，请再试一次。着火了直接打119。";
      return false;
    } finally {
      busy = false;
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    const said = new URLSearchParams();
    const button = event.submitter;
    if (button && button.name === "choice") {
      said.set("choice", button.value);
      await send(said);
      return;
    }
    const text = field.value.trim();
    if (!text) { field.focus(); return; }
    said.set("text", text);
    field.value = "";
    if (!(await send(said)) && !field.value) field.value = text;
    field.focus({ preventScroll: true });
  });

  field.addEventListener("keydown", (event) => {
    // 229: a Chinese input method is still composing, Enter picks a word there.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    form.requestSubmit();
  });

  log.addEventListener("click", (event) => {
    const button = event.target.closest(".read");
    if (button) speak(button);
  });

  // The page around the widget closes it; only it can.
  document.addEventListener("keydown", (event) => {
    if (session && event.key === "Escape" && !event.isComposing && window.parent !== window) {
      window.parent.postMessage("fenghuo:close", "*");
    }
  });

  const before = recall();
  const fresh = !log.querySelector(".mine") && !location.search;
  if (before && fresh) {
    log.innerHTML = before;
    try {
      if (session) session.value = sessionStorage.getItem(`${KEPT}-session`) || "";
    } catch (_) { /* private mode */ }
  }
  for (const bubble of log.querySelectorAll(".spoken")) addSpeech(bubble);
  for (const button of log.querySelectorAll(".read")) {
    button.setAttribute("aria-pressed", "false");
    button.textContent = "朗读";
  }
})();
