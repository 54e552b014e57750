// Shows how far the server has come, and the next page once it has done. Without it the link on the page does.
const line = document.querySelector("#tien-do");
const look = async () => {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("#tien-do");
    if (!answer.ok || !next) return location.reload();
    if (next.textContent !== line.textContent) line.textContent = next.textContent;
  } catch {
    // The line dropped; the next look may do better.
  }
  setTimeout(look, 2000);
};
if (line) setTimeout(look, 1000);
