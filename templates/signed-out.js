// Goes on when every relying party was told, or after five seconds.
(function () {
  var next = document.getElementById("next");
  if (!next) {
    return;
  }
  function go() {
    location.replace(next.href);
  }
  window.addEventListener("load", go);
  setTimeout(go, 5000);
})();
