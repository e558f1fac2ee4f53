// Shows the copy buttons and makes them work.
if (navigator.clipboard) {
  document.querySelectorAll("button[data-copy]").forEach(function (button) {
    var status = button.parentNode.querySelector("[data-copied]");
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText).then(function () {
        status.textContent = status.dataset.copied;
      });
    });
  });
}
