/*
 * Inserts a long text from the clipboard as a whole. Chromium's editor inserts it line by line, which takes too long
 * for some thousand lines. Shorter texts are left to the browser, which can undo them.
 */

const long = 20_000;

document.addEventListener('paste', (event) => {
  const field = event.target;
  if (!(field instanceof HTMLTextAreaElement)) return;
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (text.length < long) return;
  event.preventDefault();
  field.setRangeText(text.replace(/\r\n?/g, '\n'), field.selectionStart, field.selectionEnd, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
});
