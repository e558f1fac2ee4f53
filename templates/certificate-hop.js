// Goes on by itself, unless the other port does not answer. It is asked without credentials, so that the browser does not offer
// certificates yet; any answer will do, an error page as well. Who comes back with the back button is not sent on again.
(function () {
  var form = document.getElementById("hop");
  var status = document.getElementById("checking");
  var came = performance.getEntriesByType("navigation")[0];
  if (came && came.type === "back_forward") {
    return;
  }
  function go() {
    status.textContent = status.dataset.going;
    form.submit();
  }
  function blocked() {
    var notice = document.getElementById("blocked");
    var trouble = document.getElementById("trouble");
    var again = document.getElementById("continue");
    var alternate = document.getElementById("alternate");
    status.hidden = document.getElementById("announcement").hidden = true;
    notice.textContent = notice.dataset.title;
    trouble.open = true;
    again.textContent = again.dataset.again;
    if (alternate) {
      alternate.className = "";
      again.className = "other";
    }
    trouble.after(form);
  }
  if (!window.fetch || !window.AbortController || !form.dataset.probe) {
    go();
    return;
  }
  var patience = new AbortController();
  setTimeout(function () { patience.abort(); }, 5000);
  status.textContent = status.dataset.checking;
  fetch(form.dataset.probe, { mode: "no-cors", credentials: "omit", cache: "no-store", signal: patience.signal })
    .then(go, blocked);
})();
