// Signing out takes names off this device, and with them marks that were not sent: first they are to be sent.
'use strict';
(() => {
  const form = document.querySelector('form[action="/dang-xuat"]');
  if (!form || !indexedDB.databases) return;
  const waiting = async () => {
    const known = await indexedDB.databases();
    if (!known.some(one => one.name === 'diem-danh')) return 0;
    return new Promise(resolve => {
      const request = indexedDB.open('diem-danh');
      request.onerror = () => resolve(0);
      request.onsuccess = () => {
        const counting = ['marks', 'people'].map(name => request.result.transaction(name).objectStore(name).count());
        counting[1].onsuccess = () => { request.result.close(); resolve(counting[0].result + counting[1].result); };
      };
    });
  };
  form.addEventListener('submit', event => {
    event.preventDefault();
    waiting().then(count => { if (count) location.assign('/diem-danh?chua-gui=1'); else form.submit(); }, () => form.submit());
  });
})();
