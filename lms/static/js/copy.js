// Copies words of the page: a [data-copy] button names the element, and shows itself only where this runs.
// The words stay selected, so that where the browser copies nothing the keyboard still can.
document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    window.getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
    const isCopied = document.execCommand("copy"); // unlike navigator.clipboard also without HTTPS
    button.nextElementSibling.textContent = isCopied ? button.dataset.copied : "";
  });
});
