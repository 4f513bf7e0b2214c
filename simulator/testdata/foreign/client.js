'use strict';
// Runs co-wechat-api, area by area, against the platform whose address is the first argument; prints {area: "ok" or what broke}.

const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const API = require('co-wechat-api');

const [base, appid, secret, openid] = process.argv.slice(2);
const api = new API(appid, secret);
api.prefix = base + '/cgi-bin/';
api.fileServerPrefix = api.prefix;
api.mpPrefix = base + '/cgi-bin/';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'foreign-'));
const file = (name, content) => { fs.writeFileSync(path.join(folder, name), content); return path.join(folder, name); };
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const picture = file('a.png', png);
const voice = file('a.mp3', 'ID3');

// control calls the platform's own control API.
const control = (verb, body) => api.request(`${base}${verb}`, { method: 'POST', data: JSON.stringify(body || {}), headers: { 'Content-Type': 'application/json' } });

// post is for the calls that the package has no function for: drafts and free publishing are younger than it.
async function post(call, body) {
  const { accessToken } = await api.ensureAccessToken();
  return api.request(`${api.prefix}${call}?access_token=${accessToken}`, { method: 'POST', data: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
}

// refused checks that a call fails with a code, as the package reports it.
async function refused(code, promise) {
  await assert.rejects(promise, (e) => e.name === 'WeChatAPIError' && e.code === code && / rid: /.test(e.message));
}

const areas = {
  async token() {
    const first = await api.ensureAccessToken();
    assert.match(first.accessToken, /^.{64,512}$/);
    assert.equal((await api.ensureAccessToken()).accessToken, first.accessToken, 'a token is kept until it ends');
    await control('/sim/tokens/drop');
    assert.deepEqual((await api.getIp()).ip_list, ['127.0.0.1'], 'after 40001 the package takes a new token and calls again');
    assert.notEqual((await api.ensureAccessToken()).accessToken, first.accessToken);
    const wrong = new API(appid, 'wrong');
    wrong.prefix = api.prefix;
    await refused(40125, wrong.getMenu());
  },

  async menu() {
    const menu = { button: [{ type: 'click', name: '查进度', key: 'PROGRESS' }, { name: '更多', sub_button: [{ type: 'view', name: '指南', url: 'http://127.0.0.1/' }] }] };
    await api.createMenu(menu);
    const got = (await api.getMenu()).menu.button;
    assert.equal(got[0].key, 'PROGRESS');
    assert.equal(got[1].sub_button[0].url, 'http://127.0.0.1/');
    assert.equal((await api.getMenuConfig()).selfmenu_info.button.length, 2);
    await refused(40018, api.createMenu({ button: [{ type: 'click', name: '名称太长的一个按钮', key: 'X' }] }));
    await api.removeMenu();
    await refused(46003, api.getMenu());
  },

  async material() {
    const { media_id: id, url } = await api.uploadMaterial(picture, 'image');
    assert.match(url, /\/mmbiz\//);
    assert.deepEqual(await api.getMaterial(id), png, 'a material comes back byte for byte');
    const list = await api.getMaterials('image', 0, 20);
    assert.equal(list.item[0].media_id, id);
    assert.equal((await api.getMaterialCount()).image_count, 1);
    await api.removeMaterial(id);
    assert.equal((await api.getMaterialCount()).image_count, 0);
    await refused(40007, api.getMaterial(id));
    const temporary = (await api.uploadImageMedia(picture)).media_id;
    assert.deepEqual(await api.getMedia(temporary), png);
    await refused(40137, api.uploadMaterial(file('b.png', 'no picture'), 'image'));
    await refused(45106, api.uploadNewsMaterial({ articles: [] }));
  },

  async drafts() {
    const cover = (await api.uploadMaterial(picture, 'image')).media_id;
    const inner = (await api.uploadImage(picture)).url;
    const article = { title: '题', content: `<p>文</p><img src="${inner}"><img src="http://elsewhere.example/a.png"><script>x</script>`, thumb_media_id: cover };
    const { media_id: id } = await post('draft/add', { articles: [article] });
    assert.equal((await post('draft/get', { media_id: id })).news_item[0].content, `<p>文</p><img src="${inner}">`);
    await post('draft/update', { media_id: id, index: 0, articles: { ...article, title: '新题' } });
    const list = await post('draft/batchget', { offset: 0, count: 20, no_content: 1 });
    assert.equal(list.item[0].content.news_item[0].title, '新题');
    await refused(45003, post('draft/add', { articles: [{ ...article, title: '长'.repeat(65) }] }));
    await refused(40007, post('draft/add', { articles: [{ ...article, thumb_media_id: 'none' }] }));
    const job = await post('freepublish/submit', { media_id: id });
    await control('/sim/wait');
    const done = await post('freepublish/get', { publish_id: job.publish_id });
    assert.equal(done.publish_status, 0);
    assert.equal((await post('freepublish/getarticle', { article_id: done.article_id })).news_item[0].title, '新题');
    await refused(40007, post('draft/get', { media_id: id }));
  },

  async messages() {
    await control('/phone/text', { citizen: 'zhang', text: '在吗' }); // opens the 48 hours
    await control('/sim/wait');
    const image = (await api.uploadImageMedia(picture)).media_id;
    const sound = (await api.uploadVoiceMedia(voice)).media_id;
    assert.equal((await api.sendText(openid, '您好 <&> "引号"')).errcode, 0);
    await api.sendImage(openid, image);
    await api.sendVoice(openid, sound);
    await api.sendNews(openid, [{ title: '题', description: '摘要', url: 'http://127.0.0.1/', picurl: '' }]);
    await refused(40007, api.sendImage(openid, 'nothing'));
    await refused(40003, api.sendText('nobody', '在吗'));
    await api.sendText(openid, '第五条');
    for (let left = 3; left > 0; left--) await api.sendText(openid, '关注后一分钟内的').catch((e) => assert.equal(e.code, 45047));
    await refused(45047, api.sendText(openid, '再多一条'));
  },

  async users() {
    assert.deepEqual((await api.getFollowers()).data.openid, [openid]);
    const user = await api.getUser(openid);
    assert.equal(user.subscribe, 1);
    assert.equal(user.nickname, undefined, 'withdrawn in 2021');
    assert.equal((await api.batchGetUsers([openid])).user_info_list[0].openid, openid);
    await api.updateRemark(openid, '药农老张');
    assert.equal((await api.getUser(openid)).remark, '药农老张');
    const tag = (await api.createTags('药农')).tag;
    await api.batchTagging([openid], tag.id);
    assert.deepEqual((await api.getUsersFromTag(tag.id)).data.openid, [openid]);
    assert.deepEqual((await api.getIdList(openid)).tagid_list, [tag.id]);
    await refused(45157, api.createTags('药农'));
    await api.batchUnTagging([openid], tag.id);
    await api.deleteTag(tag.id);
    assert.deepEqual((await api.getTags()).tags.filter((t) => t.name === '药农'), []);
    await refused(40003, api.getUser('nobody'));
  },

  async others() {
    const code = await api.createTmpQRCode(7, 60);
    assert.match(code.ticket, /^gQ/);
    const shown = await fetch(api.showQRCodeURL(code.ticket));
    assert.equal(shown.headers.get('content-type'), 'image/png');
    assert.equal(Buffer.from(await shown.arrayBuffer()).subarray(1, 4).toString(), 'PNG');
    assert.equal((await api.massSendText('通知', true, 'job-1')).errmsg, 'send job submission success');
    await control('/sim/wait');
    await refused(45065, api.massSendText('通知', true, 'job-1'));
    await refused(48001, api.sendTemplate(openid, 'tpl', '', '', {}));
  },
};

async function main() {
  const out = {};
  for (const [name, run] of Object.entries(areas)) {
    out[name] = await run().then(() => 'ok', (e) => e.stack || String(e));
  }
  fs.rmSync(folder, { recursive: true });
  process.stdout.write(JSON.stringify(out));
}

main().catch((e) => { console.error(e); process.exit(1); });
