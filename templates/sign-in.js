// What scripts written for AD FS call. The buttons work without it.
function SelectOption(method) {
  document.getElementById("optionSelection").value = method;
  document.getElementById("options").submit();
}
