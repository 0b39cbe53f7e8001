// A toast says what was done and, for some seconds, offers to undo it.
const SECONDS = 8;

function show({ text, undo }) {
  const template = document.getElementById("toast-template");
  const toast = template.content.firstElementChild.cloneNode(true);
  const remove = () => toast.remove();
  toast.querySelector(".toast-text").textContent = text;
  toast.querySelector(".toast-close").addEventListener("click", remove);
  const button = toast.querySelector(".toast-undo");
  if (undo?.startsWith("/")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      window.htmx?.ajax("POST", undo, { swap: "none" }).then(() => location.reload());
      remove();
    });
  }
  let timer = setTimeout(remove, SECONDS * 1000);
  for (const stay of ["pointerenter", "focusin"]) toast.addEventListener(stay, () => clearTimeout(timer));
  for (const go of ["pointerleave", "focusout"]) {
    toast.addEventListener(go, () => {
      timer = setTimeout(remove, SECONDS * 1000);
    });
  }
  document.getElementById("toasts").append(toast);
}

export function toasts() {
  document.addEventListener("toast", (event) => show(event.detail));
  document.addEventListener("htmx:responseError", (event) => {
    const words = event.detail.xhr.getResponseHeader("X-Sentence");
    if (words) show({ text: decodeURIComponent(words) });
  });
}
