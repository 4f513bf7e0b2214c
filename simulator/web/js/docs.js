// Puts a copy button on every example of the page /sim/.

for (const example of document.querySelectorAll('pre')) {
  const text = example.textContent;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = '复制';
  button.addEventListener('click', async () => {
    const copied = await navigator.clipboard.writeText(text).then(() => true, () => false);
    button.textContent = copied ? '已复制' : '请手动选中复制';
    setTimeout(() => { button.textContent = '复制'; }, 1600);
  });
  example.prepend(button);
  example.tabIndex = 0;
}
