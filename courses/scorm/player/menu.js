// The list of a courseware's parts: nested, by keyboard, folded on phones; which are done, which one is open.

export class Menu {
  // `open(item)` is called for the part that was chosen.
  constructor(root, { menu, scos, words, open }) {
    Object.assign(this, { root, scos, words, open });
    this.list = root.querySelector('[data-list]');
    this.fold = root.querySelector('[data-fold]');
    this.buttons = {};
    this.list.append(this.rows(menu));
    this.fold.addEventListener('click', () => this.unfold(this.fold.getAttribute('aria-expanded') !== 'true'));
    root.addEventListener('keydown', (event) => this.press(event));
    root.hidden = false;
  }

  rows(menu) {
    const list = document.createElement('ul');
    this.shown(menu).forEach((row) => {
      const line = document.createElement('li');
      line.append(this.scos[row.item] ? this.button(row) : this.heading(row));
      if (row.children.length) line.append(this.rows(row.children));
      list.append(line);
    });
    return list;
  }

  // What is not to be seen is itself left out, and what is below it takes its place.
  shown(menu) {
    return menu.reduce((rows, row) => rows.concat(row.is_visible ? [row] : this.shown(row.children)), []);
  }

  heading(row) {
    const heading = document.createElement('span');
    heading.textContent = row.title;
    return heading;
  }

  button(row) {
    const button = document.createElement('button');
    const state = document.createElement('small');
    button.type = 'button';
    button.append(row.title, ' ', state);
    button.addEventListener('click', () => {
      this.open(row.item);
    });
    this.buttons[row.item] = button;
    return button;
  }

  // Arrows lead from part to part, as in every list; Escape folds it.
  press(event) {
    if (event.key === 'Escape') this.unfold(false);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = Object.values(this.buttons);
    const at = all.indexOf(document.activeElement);
    if (!step || at < 0 || !all[at + step]) return;
    event.preventDefault();
    all[at + step].focus();
  }

  unfold(isOpen) {
    this.fold.setAttribute('aria-expanded', String(isOpen));
    this.root.classList.toggle('is-open', isOpen);
  }

  mark(item, state) {
    const button = this.buttons[item];
    if (!button) return;
    button.dataset.state = state;
    button.querySelector('small').textContent = this.words[state] || '';
  }

  show(item) {
    Object.keys(this.buttons).forEach((each) => {
      if (each === item) this.buttons[each].setAttribute('aria-current', 'true');
      else this.buttons[each].removeAttribute('aria-current');
    });
  }
}
