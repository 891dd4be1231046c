// The chat on another site: <script src="https://…/widget.js" async></script> puts a button at the corner of
// the page; it opens the chat in a frame. Attributes: data-label (words on the button), data-side="left".
// It reads nothing of the page, sets no cookie and needs no style sheet (so a strict policy of the page holds:
// script-src and frame-src must name our origin).
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || document.getElementById("fenghuo-widget")) return;
  const address = new URL("widget", script.src).href;
  const label = script.dataset.label || "消防问答";
  const side = script.dataset.side === "left" ? "left" : "right";

  const style = (element, rules) => Object.assign(element.style, rules);
  const create = (tag, rules) => {
    const element = document.createElement(tag);
    style(element, rules);
    return element;
  };

  const box = create("div", { position: "fixed", zIndex: "2147483000", bottom: "0", [side]: "0" });
  box.id = "fenghuo-widget";
  const round = {
    minWidth: "3.5rem", minHeight: "3rem", padding: ".6rem 1.2rem", border: "2px solid #fff",
    borderRadius: "1.6rem", background: "#0c4a59", color: "#fff", font: "700 1.05rem/1.3 sans-serif",
    cursor: "pointer",
  };
  const button = create("button", { ...round, margin: "1rem", boxShadow: "0 2px 10px rgba(0,0,0,.35)" });
  button.type = "button";
  button.textContent = label;
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", "fenghuo-panel");

  const panel = create("div", { display: "none", flexDirection: "column", background: "#fff" });
  panel.id = "fenghuo-panel";
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", label);
  const bar = create("div", { display: "flex", justifyContent: "flex-end", background: "#0c4a59" });
  const close = create("button", { ...round, minHeight: "2.75rem", border: "0", borderRadius: "0" });
  close.type = "button";
  close.textContent = "关闭";
  const frame = create("iframe", { flex: "1", width: "100%", border: "0", background: "#fff" });
  frame.title = label;
  bar.append(close);
  panel.append(bar, frame);
  box.append(panel, button);

  // A phone shows the chat whole, a desk beside the page.
  const narrow = window.matchMedia("(max-width: 30rem), (max-height: 30rem)");
  function place() {
    style(panel, { position: "fixed", boxShadow: "0 2px 16px rgba(0,0,0,.4)" });
    style(panel, narrow.matches
      ? { inset: "0", width: "auto", height: "auto", borderRadius: "0" }
      : { inset: "auto", bottom: "1rem", [side]: "1rem", width: "24rem", height: "min(38rem, calc(100vh - 2rem))",
          borderRadius: ".8rem", overflow: "hidden" });
  }

  function open() {
    if (!frame.src) frame.src = address;
    panel.style.display = "flex";
    button.style.display = "none";
    button.setAttribute("aria-expanded", "true");
    frame.focus();
  }

  function shut() {
    panel.style.display = "none";
    button.style.display = "";
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }

  button.addEventListener("click", open);
  close.addEventListener("click", shut);
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") shut(); });
  window.addEventListener("message", (event) => {
    if (event.source === frame.contentWindow && event.data === "fenghuo:close") shut();
  });
  narrow.addEventListener("change", place);
  place();
  const show = () => document.body.append(box);
  if (document.body) show(); else document.addEventListener("DOMContentLoaded", show);
})();
