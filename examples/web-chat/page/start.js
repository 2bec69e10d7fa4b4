import start from "./page.js";

start().catch((error) => {
  document.getElementById("notice-title").textContent = "This page could not start";
  document.getElementById("notice-text").textContent = String(error);
  document.getElementById("notice").hidden = false;
  const reload = document.getElementById("reload");
  reload.addEventListener("click", () => location.reload());
  reload.focus();
  document.getElementById("back").hidden = true;
});
