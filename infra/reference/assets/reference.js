// What the pages do beyond being read: search as you type, and copy. Without it they can still be read whole.

// As the person has chosen in the console.
document.documentElement.dataset.theme = localStorage.getItem('tenantry.theme') ?? 'system';

const form = document.querySelector('.search');
const field = form.querySelector('input');
const list = form.querySelector('#found');
let entries;
let chosen = -1;

form.hidden = false;
field.addEventListener('focus', () => load(), { once: true });
field.addEventListener('input', () => search());
form.addEventListener('submit', (event) => event.preventDefault());
document.addEventListener('click', ({ target }) => {
  if (!form.contains(target)) close();
});
document.addEventListener('keydown', (event) => {
  const isTyping = event.target.closest('input, textarea, select');
  if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    field.focus();
  }
});
field.addEventListener('keydown', (event) => {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps && list.children.length > 0) {
    event.preventDefault();
    choose((chosen + steps[event.key] + list.children.length) % list.children.length);
  } else if (event.key === 'Enter') {
    list.children[Math.max(chosen, 0)]?.click();
  } else if (event.key === 'Escape') {
    close();
  }
});

async function load() {
  const answer = await fetch('/docs/search.json');
  entries = (await answer.json()).map(([title, address, words]) => ({
    title,
    address,
    words,
    text: `${title} ${words}`.toLowerCase(),
  }));
  search();
}

function search() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (entries === undefined || words.length === 0) return close();
  const found = entries
    .filter(({ text }) => words.every((word) => text.includes(word)))
    .map((entry) => ({ entry, rank: words.filter((word) => entry.title.toLowerCase().includes(word)).length }))
    .sort((one, other) => other.rank - one.rank)
    .slice(0, 8);
  list.replaceChildren(...(found.length > 0 ? found.map(({ entry }, at) => option(entry, at)) : [nothing()]));
  list.hidden = false;
  field.setAttribute('aria-expanded', 'true');
  choose(found.length > 0 ? 0 : -1);
}

function option({ title, address, words }, at) {
  const link = document.createElement('a');
  link.id = `found-${at}`;
  link.setAttribute('role', 'option');
  link.href = address;
  link.tabIndex = -1;
  const name = document.createElement('strong');
  name.textContent = title;
  const more = document.createElement('span');
  more.textContent = words;
  link.append(name, more);
  return link;
}

function nothing() {
  const item = document.createElement('p');
  item.setAttribute('role', 'option');
  item.setAttribute('aria-disabled', 'true');
  item.textContent = 'Nothing found.';
  return item;
}

function choose(at) {
  chosen = at;
  for (const [index, item] of [...list.children].entries()) item.setAttribute('aria-selected', String(index === at));
  if (at >= 0) field.setAttribute('aria-activedescendant', `found-${at}`);
  else field.removeAttribute('aria-activedescendant');
}

function close() {
  list.hidden = true;
  field.setAttribute('aria-expanded', 'false');
  choose(-1);
}

for (const block of document.querySelectorAll('.code')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  button.setAttribute('aria-label', `Copy: ${block.querySelector('pre').getAttribute('aria-label')}`);
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(block.querySelector('code').textContent);
    button.textContent = 'Copied';
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 2_000);
  });
  block.append(button);
}

// The place in a long navigation is in sight.
const navigation = document.querySelector('#navigation');
const here = navigation.querySelector('[aria-current]');
if (here !== null) navigation.scrollTop = here.offsetTop - navigation.clientHeight / 2;
