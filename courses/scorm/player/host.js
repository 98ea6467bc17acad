// The host of a courseware: finds its objects their run-time, and tells the lesson's page what they commit.

import { Menu } from './menu.js';
import { Session, standing } from './session.js';

// Objects commit after every word, hundreds of times in a row: what stands at the end of so many milliseconds says it
// all, and the page lets go of more than it takes in a second.
const PACE = 100;
// So many milliseconds of our own clock are not worth a beacon: browsers carry 64 kB in all, and what the object says at
// the very end must find room.
const RECENT = 30000;
// What was told to the page so shortly before may not have arrived: it may have been the end already.
const UNSURE = 500;

const lessonPage = window.parent;
// Objects look for their run-time from parent to parent; beyond this one lies another origin, which only throws.
window.parent = window;

class Host {
  constructor(root, facts) {
    Object.assign(this, { root, facts });
    this.words = root.dataset;
    this.frame = root.querySelector('[data-frame]');
    this.order = Object.keys(facts.scos);
    this.kept = {};
    this.session = null;
    this.isLeaving = false;
    this.arrived = { words: '', at: 0, sure: 0 };
    root.querySelector('[data-next]').addEventListener('click', () => this.step(1));
    root.querySelector('[data-previous]').addEventListener('click', () => this.step(-1));
    root.querySelector('[data-leave]').addEventListener('click', () => this.leave());
    window.addEventListener('message', (event) => this.hear(event));
    window.addEventListener('pagehide', () => this.close());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') this.keepLast();
    });
    this.post('ready');
  }

  post(type, more) {
    lessonPage.postMessage(Object.assign({ xiangxue: 1, type }, more), this.facts.site);
  }

  hear(event) {
    const told = event.data;
    if (event.source !== lessonPage || event.origin !== this.facts.site) return;
    if (!told || told.xiangxue !== 1) return;
    if (told.type === 'begin') this.begin(told);
    if (told.type === 'ask') this.commit(true);
  }

  // A second one brings a fresh token alone: what is open goes on.
  begin({ scos, open, token, uploads, registration, name, mode, is_elder: isElder }) {
    Object.assign(this, { token, uploads, registration });
    if (this.hasBegun) return;
    this.hasBegun = true;
    document.documentElement.classList.toggle('is-elder', Boolean(isElder));
    this.kept = scos || {};
    Object.assign(this.facts, { name: name || '', mode: mode || 'normal' });
    if (this.order.length > 1) this.listParts();
    if (this.order.length === 1) this.open(this.order[0]);
    else if (this.facts.scos[open]) this.open(open);
    else this.offer();
  }

  listParts() {
    const { menu, scos } = this.facts;
    const open = (item) => this.open(item);
    this.menu = new Menu(this.root.querySelector('[data-menu]'), { menu, scos, words: this.words, open });
    this.order.forEach((item) => this.menu.mark(item, this.stateOf(item)));
  }

  stateOf(item) {
    const kept = this.kept[item];
    if (!kept) return '';
    return this.facts.scos[item].is_sco ? standing(kept.cmi || {}) : 'done';
  }

  // One at a time: what is open hears that it is closed, and ends by its own run-time, before the next begins.
  open(item) {
    const { scos } = this.facts;
    if (!scos[item]) return;
    // Of several taps while the one before closes, the last is meant.
    this.wanted = item;
    if (this.isOpening) return;
    this.isOpening = true;
    this.whenClosed(() => {
      this.isOpening = false;
      this.start(this.wanted, scos[this.wanted]);
    });
  }

  whenClosed(next) {
    const { frame } = this;
    if (!this.session) {
      next();
      return;
    }
    frame.addEventListener('load', function blank() {
      frame.removeEventListener('load', blank);
      next();
    });
    this.isClosing = true;
    this.commit(true);
    frame.src = 'about:blank';
  }

  start(item, sco) {
    this.isClosing = false;
    this.session = new Session({
      item,
      sco,
      kept: this.kept[item],
      facts: this.facts,
      tell: (session, closing) => this.tell(session, closing),
      tellSoon: (session) => this.tellSoon(session),
      ended: (session, request) => this.ended(session, request),
    });
    this.frame.title = sco.title;
    this.frame.hidden = false;
    this.frame.src = `files/${sco.href}`;
    if (this.menu) {
      this.menu.show(item);
      this.menu.unfold(false);
    }
    this.say('');
    this.post('opened', { sco: item, session: this.session.id });
    // What makes no calls is done once it is opened.
    if (!sco.is_sco) this.commit(false);
  }

  commit(closing) {
    const { session } = this;
    // An object that ended has told everything; one that never began has nothing to tell.
    if (session && session.hasBegun && !session.isOver) this.tell(session, closing);
  }

  tellSoon(session) {
    if (this.isLeaving || document.visibilityState === 'hidden') this.tell(session, false);
    else if (!this.soon) this.soon = setTimeout(() => this.tell(session, false), PACE);
  }

  tell(session, closing) {
    clearTimeout(this.soon);
    this.soon = null;
    const commit = session.commit();
    this.kept[session.item] = { cmi: session.keepsake() };
    if (this.menu) this.menu.mark(session.item, this.stateOf(session.item));
    this.post('commit', Object.assign({ closing: Boolean(closing) }, commit));
    if (this.isLeaving || document.visibilityState === 'hidden') this.beam();
    else this.arrived = { words: session.words(), at: Date.now(), sure: UNSURE };
  }

  // The page is going, or may be: messages of a dying frame may not arrive, a beacon does.
  keepLast() {
    this.commit(true);
    this.beam();
  }

  close() {
    this.isLeaving = true;
    this.keepLast();
  }

  // The same commit may arrive by both ways: by its session and sequence it counts once. What was told is not told
  // once more.
  beam() {
    const { session } = this;
    if (!session || !session.last || !this.token || !this.uploads || !navigator.sendBeacon) return;
    const words = session.words();
    const now = Date.now();
    const age = now - this.arrived.at;
    if (this.arrived.words === words && age >= this.arrived.sure && age < RECENT) return;
    const body = Object.assign({}, session.last, this.registration ? { registration: this.registration } : {});
    const entry = { n: 0, kind: 'commit', token: this.token, at: now, body };
    const upload = { device: 'closing', after: 0, sent: now, entries: [entry] };
    if (navigator.sendBeacon(this.uploads, JSON.stringify(upload))) this.arrived = { words, at: now, sure: 0 };
  }

  // What an object asks for when it ends (adl.nav.request); one that was closed by us asks in vain.
  ended(session, request) {
    if (session !== this.session || this.isClosing || this.isLeaving) return;
    const choice = /^\{target=([^}]+)\}(?:choice|jump)$/.exec(request);
    // Not while its own call is still running: the page would go from under it.
    setTimeout(() => {
      if (session !== this.session) return;
      if (choice) this.open(choice[1]);
      else if (request === 'continue' && this.next(1)) this.open(this.next(1));
      else if (request === 'previous' && this.next(-1)) this.open(this.next(-1));
      else if (['exitAll', 'abandonAll', 'suspendAll'].includes(request)) this.leave();
      else if (request === 'exit' && !this.menu) this.leave();
      else this.offer();
    });
  }

  next(step) {
    return this.session ? this.order[this.order.indexOf(this.session.item) + step] : undefined;
  }

  step(step) {
    const item = this.session ? this.next(step) : this.first();
    if (item) this.open(item);
  }

  // The first one that is not done.
  first() {
    return this.order.find((item) => this.stateOf(item) !== 'done') || this.order[0];
  }

  // What was open is over, or nothing is open yet: what comes next is one tap away.
  offer() {
    const item = this.session ? this.next(1) : this.first();
    if (!this.session) {
      this.say(this.words.begin, item);
      this.menu.unfold(true);
      this.post('offered');
      return;
    }
    const became = this.words[`over${this.stateOf(this.session.item)}`] || this.words.overbegun;
    this.say(item ? `${became}${this.words.then}` : became, item);
  }

  // `item` is the part that comes next, if one does.
  say(text, item) {
    const bar = this.root.querySelector('[data-bar]');
    bar.hidden = !text;
    bar.querySelector('[data-text]').textContent = text;
    bar.querySelector('[data-title]').textContent = item ? this.facts.scos[item].title : '';
    bar.querySelector('[data-next]').hidden = !item;
    bar.querySelector('[data-previous]').hidden = !(this.session && this.next(-1));
    bar.querySelector('[data-leave]').hidden = !this.session;
  }

  leave() {
    this.commit(true);
    this.say('');
    this.post('leave');
  }
}

const facts = JSON.parse(document.getElementById('facts').textContent);
new Host(document.querySelector('[data-host]'), facts);
