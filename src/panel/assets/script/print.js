/* Shows the button that prints the page, which does nothing without a script. */

for (const button of document.querySelectorAll('button[data-prints]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}
