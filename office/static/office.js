// What the pages do beyond HTML: the menu on a phone, questions before what can't be undone, htmx's token and troubles.
"use strict";

const menuButton = document.querySelector(".menu-button");
const menu = document.getElementById("menu");
if (menuButton && menu) {
  const narrow = window.matchMedia("(max-width: 55.99rem)");
  const show = (open) => {
    menu.classList.toggle("open", open);
    menuButton.setAttribute("aria-expanded", String(open));
  };
  const adapt = () => {
    menuButton.hidden = !narrow.matches;
    show(false);
  };
  narrow.addEventListener("change", adapt);
  adapt();
  menuButton.addEventListener("click", () => show(!menu.classList.contains("open")));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.classList.contains("open")) {
      show(false);
      menuButton.focus();
    }
  });
}

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

document.addEventListener("focusin", (event) => {
  if (event.target.matches("input.copy")) event.target.select();
});

function tell(text) {
  const notice = document.createElement("p");
  notice.className = "notice bad";
  notice.setAttribute("role", "alert");
  notice.textContent = text;
  document.getElementById("notices").replaceChildren(notice);
}

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = document.querySelector('meta[name="csrf"]').content;
});
document.addEventListener("htmx:responseError", (event) => {
  const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  const said = page.querySelector("#notices .notice.bad, main h1");
  tell(said ? said.textContent : "Chưa làm được. Xin thử lại.");
});
document.addEventListener("htmx:sendError", () => tell("Mất kết nối. Xin kiểm tra mạng rồi thử lại."));
