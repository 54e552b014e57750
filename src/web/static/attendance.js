// Attendance on a phone that may be offline. What must not be lost lies in IndexedDB: the roll that was loaded beforehand,
// and every mark until the server has said that it is kept. A mark bears an id, so sending it twice does no harm.
'use strict';
(() => {
  const root = document.querySelector('[data-phone]');
  if (!root) return;
  const find = name => root.querySelector(`[data-${name}]`);
  const wanted = new URLSearchParams(location.search).get('lop');
  const address = id => `/api/v1/classes/${id}/attendance`;
  const PRESENCES = [['present', 'Có mặt'], ['late', 'Muộn'], ['excused', 'Có phép'], ['absent', 'Vắng']];
  const KEEP_MS = 3 * 24 * 3600 * 1000;
  const PATIENCE_MS = 20000;
  const PIECE = 200;

  // The stores: rolls by class; marks and people that are not sent yet, by their id; what the server refused.
  const opening = new Promise((resolve, reject) => {
    const request = indexedDB.open('diem-danh', 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('rolls', { keyPath: 'id' });
      for (const name of ['marks', 'people', 'refused']) request.result.createObjectStore(name, { keyPath: 'id' });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const within = async (names, mode, work) => {
    const tx = (await opening).transaction(names, mode, { durability: 'strict' });
    const done = new Promise((resolve, reject) => {
      tx.oncomplete = resolve;
      tx.onerror = tx.onabort = () => reject(tx.error);
    });
    const value = work(...names.map(name => tx.objectStore(name)));
    await done;
    return value && value.result !== undefined ? value.result : value;
  };
  const all = name => within([name], 'readonly', store => store.getAll());
  const get = (name, id) => within([name], 'readonly', store => store.get(id)).then(found => found && found.id ? found : undefined);

  let roll;
  let meeting;
  let sending = false;

  const say = (name, text) => { const place = find(name); place.textContent = text; place.hidden = !text; };
  const fold = text => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd');
  const make = (tag, text, more = {}) => Object.assign(document.createElement(tag), { textContent: text }, more);
  const key = learner => `${meeting}|${learner}`;

  const mark = async (learner, presence) => {
    const one = { id: crypto.randomUUID(), class: roll.id, meeting, learner, presence, at: new Date().toISOString() };
    if (presence) roll.marks[key(learner)] = presence; else delete roll.marks[key(learner)];
    await within(['rolls', 'marks'], 'readwrite', (rolls, marks) => { rolls.put(roll); marks.put(one); });
    draw(learner);
    tell();
    send();
  };

  const line = learner => {
    const item = document.createElement('li');
    item.dataset.learner = learner.id;
    item.append(make('strong', learner.name), make('span', [learner.birth_year, learner.village, learner.note].filter(Boolean).join(' · '), { className: 'meta' }));
    const group = make('span', '', { className: 'presences' });
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', learner.name);
    for (const [presence, label] of PRESENCES) {
      const button = make('button', label, { type: 'button', className: 'plain' });
      button.dataset.presence = presence;
      button.onclick = () => mark(learner.id, roll.marks[key(learner.id)] === presence ? null : presence);
      group.append(button);
    }
    item.append(group);
    return item;
  };
  const draw = learner => {
    const item = find('list').querySelector(`[data-learner="${learner}"]`);
    if (!item) return;
    for (const button of item.querySelectorAll('button')) {
      button.setAttribute('aria-pressed', roll.marks[key(learner)] === button.dataset.presence);
    }
  };
  const drawAll = () => {
    const words = fold(find('search').value).split(/\s+/).filter(Boolean);
    const shown = roll.learners.filter(one => words.every(word => fold(`${one.name} ${one.village}`).includes(word)));
    find('list').replaceChildren(...shown.map(line));
    for (const one of shown) draw(one.id);
    tell();
  };

  const tell = async () => {
    const [marks, people, refused] = await Promise.all(['marks', 'people', 'refused'].map(all));
    const left = marks.length + people.length;
    const line = navigator.onLine ? '' : ' Đang mất mạng: cứ điểm danh, có mạng sẽ gửi.';
    say('unsent', left ? `Chưa gửi ${left} lượt, còn nằm trong điện thoại này.${line}` : `Không còn gì chưa gửi.${line}`);
    find('unsent').classList.toggle('bad', left > 0);
    find('send').hidden = !left;
    if (!left) find('sign-in').hidden = true;
    find('refused').replaceChildren(...refused.map(one => make('li', one.text)));
    find('refused-part').hidden = !refused.length;
    if (!roll) return;
    const counted = roll.learners.map(one => roll.marks[key(one.id)]);
    const came = counted.filter(one => one === 'present' || one === 'late').length;
    say('count', `${came} có mặt, ${counted.filter(Boolean).length}/${roll.learners.length} người đã điểm danh.`);
  };

  const fetched = async (url, options) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
    try {
      return await fetch(url, { cache: 'no-store', credentials: 'same-origin', signal: stop.signal, ...options });
    } finally {
      clearTimeout(timer);
    }
  };
  const trouble = async answer => {
    find('sign-in').hidden = answer.status !== 401;
    if (answer.status === 401) return 'Phiên đăng nhập đã hết. Điểm danh còn nguyên trong điện thoại: hãy đăng nhập lại để gửi.';
    const problem = await answer.json().catch(() => ({}));
    return problem.detail || `Máy chủ trả lời ${answer.status}.`;
  };

  const send = async () => {
    if (sending) return;
    sending = true;
    try {
      const [marks, people] = await Promise.all(['marks', 'people'].map(all));
      const classes = new Set([...marks, ...people].map(one => one.class));
      for (const id of classes) {
        const [own, came] = [marks, people].map(list => list.filter(one => one.class === id));
        // A weak line takes small pieces, and people before their marks.
        for (let at = 0; at < Math.max(own.length, 1); at += PIECE) await sendClass(id, own.slice(at, at + PIECE), at ? [] : came);
      }
      say('trouble', '');
    } catch (error) {
      say('trouble', error.told ? error.message : '');
    } finally {
      sending = false;
      await forgetDone();
      tell();
    }
  };
  const sendClass = async (id, marks, people) => {
    const body = JSON.stringify({
      source: 'phone',
      sent_at: new Date().toISOString(),
      walk_ins: people.map(({ id, name, birth_year, village, phone, guardian }) => ({ id, name, birth_year, village, phone, guardian })),
      marks: marks.map(({ id, meeting, learner, presence, at }) => ({ id, meeting, learner, presence, at })),
    });
    const answer = await fetched(address(id), { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    if (!answer.ok) throw Object.assign(new Error(await trouble(answer)), { told: true });
    const receipt = await answer.json();
    const names = new Map(people.map(one => [one.id, one.name]));
    await within(['rolls', 'marks', 'people', 'refused'], 'readwrite', (rolls, kept, waiting, refused) => {
      for (const one of receipt.taken) kept.delete(one);
      for (const one of receipt.learners) waiting.delete(one.id);
      for (const one of receipt.refused) {
        kept.delete(one.id);
        waiting.delete(one.id);
        refused.put({ id: one.id, class: id, text: `${names.get(one.id) || 'Một lượt điểm danh'}: ${one.detail}` });
      }
      const settle = stored => {
        if (!stored) return;
        for (const { id: before, learner } of receipt.learners) rename(stored, before, learner);
        rolls.put(stored);
      };
      // The roll on the screen may know marks that are not stored yet.
      if (roll && roll.id === id) settle(roll);
      else rolls.get(id).onsuccess = event => settle(event.target.result);
    });
    if (roll && roll.id === id && receipt.learners.length) drawAll();
  };
  // Someone who came by was known already: the list has them once.
  const rename = (stored, before, after) => {
    if (before === after) return;
    const known = stored.learners.some(one => one.id === after);
    stored.learners = stored.learners.filter(one => !known || one.id !== before);
    for (const one of stored.learners) if (one.id === before) one.id = after;
    for (const [name, presence] of Object.entries(stored.marks)) {
      const [at, learner] = name.split('|');
      if (learner !== before) continue;
      delete stored.marks[name];
      stored.marks[`${at}|${after}`] = presence;
    }
  };

  // Names leave the phone when their class is done and everything is sent, at the latest after three days.
  const forgetDone = async () => {
    const [rolls, marks, people] = await Promise.all(['rolls', 'marks', 'people'].map(all));
    for (const one of rolls) {
      const waits = [...marks, ...people].some(other => other.class === one.id);
      if (waits || !(one.done || Date.now() - one.loaded > KEEP_MS)) continue;
      await within(['rolls', 'refused'], 'readwrite', (store, refused) => { store.delete(one.id); refused.clear(); });
      if (roll && roll.id === one.id) location.replace('/diem-danh');
    }
  };

  const load = async id => {
    let stored = await get('rolls', id);
    try {
      await send();
      const answer = await fetched(address(id));
      if (!answer.ok) throw Object.assign(new Error(await trouble(answer)), { told: true });
      const fresh = await answer.json();
      const marks = {};
      for (const one of fresh.marks) marks[`${one.meeting}|${one.learner}`] = one.presence;
      stored = { id, title: fresh.class.title, centre: fresh.class.centre, meetings: fresh.meetings, learners: fresh.learners, marks, loaded: Date.now() };
      for (const one of (await all('people')).filter(one => one.class === id)) stored.learners.push({ ...one, note: 'đến thêm' });
      for (const one of (await all('marks')).filter(one => one.class === id)) stored.marks[`${one.meeting}|${one.learner}`] = one.presence;
      await within(['rolls'], 'readwrite', store => { store.put(stored); });
      say('trouble', '');
    } catch (error) {
      say('trouble', error.told ? error.message : '');
    }
    return stored;
  };

  const choose = () => {
    const today = new Date(Date.now() + 7 * 3600 * 1000).toISOString().slice(0, 10);
    const past = roll.meetings.filter(one => one.day <= today);
    const box = find('meeting');
    box.replaceChildren(...roll.meetings.map(one => make('option', one.label, { value: one.id })));
    meeting = (past.pop() || roll.meetings[0] || {}).id;
    box.value = meeting;
    box.onchange = () => { meeting = box.value; drawAll(); };
  };
  const show = () => {
    say('title', roll.title);
    find('class').hidden = false;
    find('start').hidden = true;
    say('ready', 'Danh sách đã nằm trong điện thoại này. Mất mạng vẫn điểm danh được.');
    find('search').oninput = drawAll;
    choose();
    drawAll();
  };
  const start = async () => {
    const rolls = await all('rolls');
    find('start').hidden = false;
    find('saved').replaceChildren(...rolls.map(one => {
      const item = document.createElement('li');
      item.append(make('a', one.title, { href: `/diem-danh?lop=${one.id}` }));
      return item;
    }));
    find('none').hidden = rolls.length > 0;
  };

  find('walk-in').onsubmit = async event => {
    event.preventDefault();
    const form = event.target;
    const value = name => form.elements[name].value.trim();
    const one = { id: crypto.randomUUID(), class: roll.id, name: value('name'), birth_year: Number(value('birth_year')), village: value('village'), phone: value('phone'), guardian: value('guardian') };
    roll.learners.push({ ...one, note: 'đến thêm' });
    await within(['rolls', 'people'], 'readwrite', (rolls, people) => { rolls.put(roll); people.put(one); });
    find('search').value = '';
    drawAll();
    await mark(one.id, 'present');
    form.reset();
    say('added', `Đã thêm ${one.name}, có mặt.`);
    form.elements.name.focus();
  };
  find('send').onclick = send;
  find('done').onclick = async () => {
    roll.done = true;
    await within(['rolls'], 'readwrite', store => { store.put(roll); });
    await send();
    if (roll) say('trouble', 'Còn lượt chưa gửi: có mạng, gửi xong, danh sách tên sẽ tự xóa khỏi điện thoại.');
  };
  find('dismiss').onclick = async () => {
    await within(['refused'], 'readwrite', store => { store.clear(); });
    tell();
  };

  addEventListener('online', send);
  addEventListener('offline', tell);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) send(); });
  setInterval(() => { if (navigator.onLine) send(); }, 30000);

  const begin = async () => {
    if ('serviceWorker' in navigator) {
      await navigator.serviceWorker.register(root.dataset.worker, { scope: '/diem-danh' }).catch(() => {});
    }
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    roll = wanted ? await load(wanted) : undefined;
    if (roll) show(); else await start();
    await forgetDone();
    await tell();
    root.dataset.state = 'ready';
  };
  begin();
})();
