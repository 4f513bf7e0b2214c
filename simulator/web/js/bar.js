// The bar at the bottom: the account's menu, or the keyboard; the tray behind the plus.

import { $, h, icon, state, tap, quiet, call, toast } from './base.js';
import { openLink, choose } from './screens.js';

let mode = 'menu';
let drawn = '';
const inputBox = h('textarea', { id: 'input', rows: 1, 'aria-label': '输入消息', data: { testid: 'input' } });
const sendButton = h('button', { id: 'send', data: { testid: 'send' }, disabled: true }, '发送');
const filePicker = h('input', { id: 'image-file', type: 'file', accept: 'image/*', hidden: true });

inputBox.addEventListener('input', fit);
inputBox.addEventListener('keydown', (e) => {
  if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) { e.preventDefault(); send(); }
});
sendButton.addEventListener('click', send);
filePicker.addEventListener('change', sendImage);
document.addEventListener('click', (e) => {
  if (!e.target.closest('.menu-slot')) closeSubmenus();
  if (!e.target.closest('#tray') && !e.target.closest('#tray-open')) $('tray').hidden = true;
});

// drawBar shows the keyboard when there is no menu; with a menu, the citizen's last choice.
export function drawBar(wanted) {
  const hasMenu = Boolean(state.menu && state.menu.button.length);
  const focused = document.activeElement === inputBox;
  if (hasMenu && !wanted && (focused || inputBox.value)) mode = 'keyboard'; // a menu that arrives does not interrupt who is typing
  const key = JSON.stringify([hasMenu && mode, state.menu]);
  if (key === drawn) return;
  drawn = key;
  $('bar').replaceChildren(hasMenu && mode === 'menu' ? menuRow() : keyboardRow(hasMenu), filePicker);
  if (focused) inputBox.focus();
}

function toggle() {
  mode = mode === 'menu' ? 'keyboard' : 'menu';
  inputBox.blur();
  drawBar(mode);
  if (mode === 'keyboard') inputBox.focus();
}

export function resetBar() {
  mode = 'menu';
  inputBox.value = '';
  $('tray').hidden = true;
  fit();
  drawBar();
}

function keyboardRow(hasMenu) {
  const back = hasMenu ? h('button', { className: 'bar-icon', id: 'toggle-menu', data: { testid: 'toggle-menu' }, 'aria-label': '切换到菜单', onclick: toggle }, icon('menu')) : '';
  const voice = h('button', { className: 'bar-icon', id: 'voice', data: { testid: 'voice' }, 'aria-label': '发送语音（示意）', onclick: () => quiet(tap('voice', { seconds: 3 })) }, icon('voice'));
  const plus = h('button', { className: 'bar-icon', id: 'tray-open', 'aria-label': '更多', onclick: toggleTray }, icon('plus'));
  return h('div', { className: 'bar-row' }, back, voice, inputBox, plus, sendButton);
}

function menuRow() {
  const keyboard = h('button', { className: 'bar-icon', id: 'toggle-keyboard', data: { testid: 'toggle-keyboard' }, 'aria-label': '切换到键盘', onclick: toggle }, icon('keyboard'));
  return h('div', { className: 'menu-row' }, keyboard, ...state.menu.button.map(slot));
}

function slot(button, column) {
  const sub = button.sub_button || [];
  const items = sub.map((b, row) => h('button', { className: 'submenu-item', role: 'menuitem', onclick: () => press(column, row) }, b.name));
  const popup = h('div', { className: 'submenu', role: 'menu', hidden: true }, ...items);
  const press1 = () => {
    if (!sub.length) { closeSubmenus(); press(column, -1); return; }
    const open = popup.hidden;
    closeSubmenus();
    popup.hidden = !open;
  };
  const top = h('button', { className: 'menu-button', onclick: press1, 'aria-haspopup': sub.length ? 'menu' : null }, sub.length ? icon('lines') : '', button.name);
  return h('div', { className: 'menu-slot' }, top, sub.length ? popup : '');
}

function closeSubmenus() {
  for (const popup of document.querySelectorAll('.submenu')) popup.hidden = true;
}

async function press(column, row) {
  closeSubmenus();
  const answer = await quiet(tap('menu', { column, row }));
  if (answer && answer.open) openLink(answer.open);
}

// fillInput puts a text into the input, in place of what is there, and reports whether it could.
export function fillInput(text) {
  mode = 'keyboard';
  drawBar(mode);
  inputBox.value = text;
  fit();
  inputBox.focus();
  return inputBox.isConnected;
}

function fit() {
  sendButton.disabled = !inputBox.value.trim();
  inputBox.style.height = 'auto';
  if (inputBox.scrollHeight) inputBox.style.height = Math.min(inputBox.scrollHeight, 112) + 'px';
}

async function send() {
  const text = inputBox.value;
  if (!text.trim()) return;
  inputBox.value = '';
  fit();
  const sent = await quiet(tap('text', { text }));
  if (!sent) { inputBox.value = text; fit(); }
  inputBox.focus();
}

async function sendImage() {
  const file = filePicker.files[0];
  filePicker.value = '';
  if (!file) return;
  const form = new FormData();
  form.append('citizen', state.me);
  form.append('image', file);
  await quiet(call('POST', '/phone/image', form));
}

function toggleTray() {
  const tray = $('tray');
  tray.hidden = !tray.hidden;
  const item = (name, shape, id, act) => h('button', { className: 'tray-item', id, onclick: () => { tray.hidden = true; act(); } }, h('span', {}, icon(shape)), name);
  tray.replaceChildren(
    item('照片', 'photo', 'pick-image', () => filePicker.click()),
    item('扫一扫', 'scan', 'scan', scan),
    item('位置', 'pin', 'location', () => quiet(tap('location', { latitude: 35.775614, longitude: 113.278877, text: '崇文镇便民服务中心' }))),
  );
}

// scan offers the codes that the account has made.
export async function scan() {
  if (!state.scenes.length) { toast('公众号还没有生成带参数的二维码'); return; }
  const ticket = await choose('扫哪一个二维码？', state.scenes.map((q) => [q.ticket, q.scene]));
  if (ticket) quiet(tap('scan', { ticket }));
}
