// Photos open in a viewer with their description; until they load they show their mean colour.
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

function meanColour(hash) {
  let value = 0;
  for (const digit of hash.slice(2, 6)) value = value * 83 + DIGITS.indexOf(digit);
  return `rgb(${value >> 16} ${(value >> 8) & 255} ${value & 255})`;
}

let row = [];
let at = 0;

function show(viewer, index) {
  at = (index + row.length) % row.length;
  const small = row[at].querySelector("img");
  const large = viewer.querySelector("img");
  large.src = row[at].href;
  large.alt = small.alt;
  viewer.querySelector("figcaption").textContent = small.alt;
  for (const button of viewer.querySelectorAll(".viewer-back, .viewer-next")) button.hidden = row.length < 2;
}

function open(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const viewer = document.getElementById("viewer");
  if (!viewer?.showModal) return;
  event.preventDefault();
  row = [...event.currentTarget.closest(".photos").querySelectorAll("a[data-view]")];
  if (!viewer.dataset.started) begin(viewer);
  show(viewer, row.indexOf(event.currentTarget));
  viewer.showModal();
}

function begin(viewer) {
  viewer.dataset.started = "yes";
  const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  viewer.querySelector(".viewer-next").addEventListener("click", () => show(viewer, at + 1));
  viewer.querySelector(".viewer-back").addEventListener("click", () => show(viewer, at - 1));
  viewer.addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow")) show(viewer, at + (event.key === forward ? 1 : -1));
  });
}

export function pictures(root) {
  for (const image of root.querySelectorAll("img[data-blurhash]")) {
    if (!image.complete) image.parentElement.style.background = meanColour(image.dataset.blurhash);
  }
  for (const link of root.querySelectorAll("a[data-view]")) {
    if (!link.dataset.started) {
      link.dataset.started = "yes";
      link.addEventListener("click", open);
    }
  }
}
