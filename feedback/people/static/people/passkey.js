// A passkey that was not given: said on the page, where allauth would write it to the console.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const said = document.getElementById("passkey-refused");
  if (said) said.hidden = false;
});
