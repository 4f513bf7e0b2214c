'use strict';
// Runs co-wechat-api against the platform whose address is the first argument; prints what it found as JSON.

const API = require('co-wechat-api');
const [base, appid, secret, openid] = process.argv.slice(2);

async function main() {
  const api = new API(appid, secret);
  api.prefix = base + '/cgi-bin/';
  api.fileServerPrefix = api.prefix;
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  const file = require('path').join(require('os').tmpdir(), `foreign-${process.pid}.png`);
  require('fs').writeFileSync(file, png);
  const out = {};
  await api.createMenu({ button: [{ type: 'click', name: '查进度', key: 'PROGRESS' }] });
  out.menu = (await api.getMenu()).menu.button[0].key;
  out.temporary = (await api.uploadImageMedia(file)).media_id;
  out.inner = (await api.uploadImage(file)).url;
  const material = await api.uploadMaterial(file, 'image');
  out.material = material.media_id;
  out.count = (await api.getMaterialCount()).image_count;
  const post = async (path, body) => {
    const { accessToken } = await api.ensureAccessToken();
    return api.request(`${api.prefix}${path}?access_token=${accessToken}`, {
      method: 'POST', data: JSON.stringify(body), headers: { 'Content-Type': 'application/json' },
    });
  };
  const draft = await post('draft/add', { articles: [{ title: '题', content: `<p>文</p><img src="${out.inner}">`, thumb_media_id: material.media_id }] });
  out.draft = (await post('draft/get', { media_id: draft.media_id })).news_item[0].content;
  out.publish = String((await post('freepublish/submit', { media_id: draft.media_id })).publish_id);
  out.follower = (await api.getFollowers()).data.openid[0];
  out.subscribe = (await api.getUser(openid)).subscribe;
  out.sent = (await api.sendText(openid, '您好')).errcode;
  out.ticket = (await api.createTmpQRCode(7, 60)).ticket;
  out.tag = (await api.createTags('药农')).tag.name;
  out.ips = (await api.getIp()).ip_list;
  out.mass = (await api.massSendText('通知', true, 'job-1')).errmsg;
  try {
    await api.sendImage(openid, 'nothing');
  } catch (e) {
    out.code = e.code;
    out.name = e.name;
  }
  await api.removeMenu();
  process.stdout.write(JSON.stringify(out));
}

main().catch((e) => { console.error(e); process.exit(1); });
