// One key a mark: after a letter the field below has the focus, and arrows go from field to field. Without this script
// the tabulator does.
'use strict';
(() => {
  const form = document.querySelector('[data-marks]');
  if (!form) return;
  const fields = new Map();
  for (const field of form.querySelectorAll('input[name^="o-"]')) fields.set(field.name, field);
  const place = field => field.name.split('-').slice(1).map(Number);
  const go = (row, column) => {
    const field = fields.get(`o-${row}-${column}`);
    if (!field) return false;
    field.focus();
    field.select();
    return true;
  };
  const next = (row, column) => go(row + 1, column) || go(0, column + 1);
  form.addEventListener('focusin', event => { if (fields.has(event.target.name)) event.target.select(); });
  form.addEventListener('input', event => {
    const field = event.target;
    if (!fields.has(field.name)) return;
    const letter = field.value.trim().toLowerCase();
    field.value = 'xmpv'.includes(letter) ? letter : '';
    field.setCustomValidity('');
    if (field.value) next(...place(field));
  });
  const ways = { ArrowDown: [1, 0], Enter: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
  form.addEventListener('keydown', event => {
    const way = ways[event.key];
    if (!way || !fields.has(event.target.name)) return;
    const [row, column] = place(event.target);
    event.preventDefault();
    go(row + way[0], column + way[1]);
  });
})();
