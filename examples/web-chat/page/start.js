import start from "./page.js";

start().catch((error) => {
  document.getElementById("farewell-title").textContent = "This page could not start";
  document.getElementById("farewell-text").textContent = String(error);
  document.getElementById("farewell").hidden = false;
  const reload = document.getElementById("reload");
  reload.addEventListener("click", () => location.reload());
  reload.focus();
  document.getElementById("back").hidden = true;
});
