// 扫一扫: the codes that the account has made, as the phone's camera would see them, and the addresses that codes say.

import { $, h, state, me, tap, quiet, toast, chatTime } from './base.js';
import { page, leave } from './ask.js';
import { showFollow } from './screens.js';

// scan shows what can be scanned.
export function scan() {
  const picture = (q) => h('button', { className: 'code', data: { scene: q.scene, ticket: q.ticket }, onclick: () => { leave(); scanned(q); } },
    h('img', { src: q.image, alt: `二维码 ${q.scene}` }), h('b', {}, q.scene), h('small', {}, q.until ? `${chatTime(q.until)} 前有效` : '长期有效'));
  const address = h('input', { id: 'scan-address', placeholder: '或者粘贴二维码里的网址', 'aria-label': '二维码里的网址', autocomplete: 'off' });
  const read = (e) => {
    e.preventDefault();
    leave();
    scannedAddress(address.value.trim());
  };
  const nothing = h('p', { className: 'empty', id: 'scan-none' }, '公众号还没有生成带参数的二维码（qrcode/create），生成后出现在这里。');
  page('scan-page', '扫一扫', state.scenes.length ? h('div', { className: 'codes' }, ...state.scenes.map(picture)) : nothing,
    h('form', { className: 'scan-form', onsubmit: read }, address, h('button', { id: 'scan-go' }, '扫')),
    h('p', { className: 'ask-small' }, '点一个二维码，就像用手机对着它扫。图片是真的，可以存下来、印出来，用别的软件也能扫。'));
}

// scannedAddress takes the address that a code says; only those of the account's codes mean anything here.
export function scannedAddress(text) {
  const found = /\/q\/[\w-]+$/.exec(text);
  if (found) scanned({ ticket: found[0], scene: '' });
  else toast('这不是公众号的二维码');
}

// scanned tells the account at once when the citizen follows it; others are asked to follow first, and the scene goes with it.
async function scanned(code) {
  if (me().followed) {
    if (await quiet(tap('scan', { ticket: code.ticket }))) toast('已扫码');
    return;
  }
  state.scanned = code;
  showFollow();
  $('follow').focus();
}
