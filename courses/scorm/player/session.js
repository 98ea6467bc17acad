// One opening of an object: its run-time, what it is given back, and what is told of it.

// What an object set and did not commit is kept by itself: a page that is killed loses no more.
const AUTOCOMMIT_SECONDS = 5;
const SILENT = 5;

// Where the two standards say the same in different places.
const NAMES = {
  1.2: {
    global: 'API',
    id: 'cmi.core.student_id',
    name: 'cmi.core.student_name',
    mode: 'cmi.core.lesson_mode',
    credit: 'cmi.core.credit',
    mastery: 'cmi.student_data.mastery_score',
    limit: 'cmi.student_data.max_time_allowed',
    action: 'cmi.student_data.time_limit_action',
    time: 'cmi.core.session_time',
    exit: 'cmi.core.exit',
    entry: 'cmi.core.entry',
    total: 'cmi.core.total_time',
    none: '0000:00:00',
    statuses: ['cmi.core.lesson_status'],
    completion: 'cmi.core.lesson_status',
    silent: ['not attempted'],
    set: 'LMSSetValue',
    finish: 'LMSFinish',
    commit: 'LMSCommit',
    start: 'LMSInitialize',
  },
  2004: {
    global: 'API_1484_11',
    id: 'cmi.learner_id',
    name: 'cmi.learner_name',
    mode: 'cmi.mode',
    credit: 'cmi.credit',
    mastery: 'cmi.scaled_passing_score',
    limit: 'cmi.max_time_allowed',
    action: 'cmi.time_limit_action',
    time: 'cmi.session_time',
    exit: 'cmi.exit',
    entry: 'cmi.entry',
    total: 'cmi.total_time',
    none: 'PT0S',
    statuses: ['cmi.completion_status', 'cmi.success_status'],
    completion: 'cmi.completion_status',
    silent: ['unknown', 'not attempted'],
    set: 'SetValue',
    finish: 'Terminate',
    commit: 'Commit',
    start: 'Initialize',
  },
};
// The end of a session, in order: what the object wants next is forgotten once it has ended.
const BEFORE_END = 'BeforeTerminate';

export function newUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

// "failed" counts as done too: the object has said all that it had to say.
export function standing(cmi) {
  const old = cmi['cmi.core.lesson_status'];
  const success = old || cmi['cmi.success_status'];
  if (success === 'failed') return 'failed';
  if (['passed', 'completed'].includes(old) || success === 'passed') return 'done';
  if (cmi['cmi.completion_status'] === 'completed') return 'done';
  return Object.keys(cmi).length ? 'begun' : '';
}

export class Session {
  // `tell(session, closing)` is called for what cannot wait, `tellSoon(session)` for every commit, and
  // `ended(session, request)` when the object ended.
  constructor({ item, sco, kept, facts, tell, tellSoon, ended }) {
    Object.assign(this, { item, sco, facts, tell, tellSoon, ended });
    this.id = newUuid();
    this.sequence = 0;
    this.isOver = false;
    this.hasBegun = !sco.is_sco;
    this.kept = Object.assign({}, kept && kept.cmi);
    this.names = NAMES[facts.standard];
    this.opened = Date.now();
    this.request = '';
    this.statuses = {};
    if (sco.is_sco) this.prepare();
  }

  prepare() {
    const Api = this.facts.standard === '2004' ? window.Scorm2004.Scorm2004API : window.Scorm12.Scorm12API;
    this.api = new Api({
      autocommit: true,
      autocommitSeconds: AUTOCOMMIT_SECONDS,
      lmsCommitUrl: false,
      logLevel: SILENT,
      mastery_override: true,
    });
    const cmi = this.given();
    Object.keys(cmi).forEach((name) => this.load(name, cmi[name]));
    this.api.on(this.names.start, () => {
      this.hasBegun = true;
    });
    this.api.on(this.names.commit, () => this.tellSoon(this));
    this.names.statuses.forEach((name) => {
      this.api.on(`${this.names.set}.${name}`, (_name, value) => this.hearStatus(name, value));
    });
    this.api.on(BEFORE_END, () => {
      const nav = this.api.adl && this.api.adl.nav;
      this.request = nav && nav.request !== '_none_' ? nav.request : '';
    });
    this.api.on(this.names.finish, () => this.end());
    window[this.names.global] = this.api;
  }

  // A status that the object takes back before it commits was said all the same.
  hearStatus(name, value) {
    if (this.statuses[name] === value) return;
    this.statuses[name] = value;
    this.tell(this, false);
  }

  // One by one: a value that this run-time does not take must not cost the others.
  load(name, value) {
    try {
      this.api.loadFromFlattenedJSON({ [name]: value });
    } catch (error) {
      if (window.console) console.warn(name, error.message);
    }
  }

  // What the object finds when it asks. Lists need their order: a name before what belongs to it.
  given() {
    const { names, sco, facts, kept } = this;
    const cmi = {};
    const order = (name) => name.replace(/\d+/g, (digits) => digits.padStart(5, '0')).replace(/\.(id|type)$/, '.!$1');
    Object.keys(kept)
      .sort((one, other) => (order(one) < order(other) ? -1 : 1))
      .forEach((name) => {
        cmi[name] = kept[name];
      });
    if (!Object.keys(kept).length) Object.assign(cmi, { [names.entry]: 'ab-initio', [names.total]: names.none });
    cmi[names.id] = facts.learner;
    cmi[names.name] = facts.name;
    cmi[names.mode] = facts.mode;
    cmi[names.credit] = 'credit';
    cmi['cmi.launch_data'] = sco.launch_data;
    cmi[names.mastery] = sco.mastery === null ? '' : String(sco.mastery);
    cmi[names.limit] = sco.time_limit;
    cmi[names.action] = sco.time_limit_action;
    if (facts.standard === '2004' && sco.threshold !== null) cmi['cmi.completion_threshold'] = String(sco.threshold);
    Object.keys(cmi).forEach((name) => {
      if (cmi[name] === '' || cmi[name] === null || cmi[name] === undefined) delete cmi[name];
    });
    return cmi;
  }

  end() {
    this.isOver = true;
    this.tell(this, true);
    this.ended(this, this.request);
  }

  // What stands now, flat and without what is empty, as the server keeps it.
  snapshot() {
    if (!this.api) return {};
    const { names } = this;
    const cmi = this.api.getFlattenedCMI();
    Object.keys(cmi).forEach((name) => {
      if (cmi[name] === '' || typeof cmi[name] === 'object') delete cmi[name];
    });
    [names.id, names.name, 'cmi.launch_data'].forEach((name) => delete cmi[name]);
    this.isOurTime = !this.hasTime(cmi[names.time]);
    if (this.isOurTime) cmi[names.time] = this.elapsed();
    this.complete(cmi);
    return cmi;
  }

  // What ends for good without a word about its completion is completed, unless the manifest says that the object
  // tells it by itself (2004). The run-time has a setting for it, which takes "not attempted" for a word.
  complete(cmi) {
    const { names, sco } = this;
    const isSilent = !cmi[names.completion] || names.silent.includes(cmi[names.completion]);
    if (!this.isOver || !isSilent || sco.tells_completion) return;
    if (!['suspend', 'time-out', 'logout'].includes(cmi[names.exit])) cmi[names.completion] = 'completed';
  }

  hasTime(told) {
    return Boolean(told) && /[1-9]/.test(told.replace(/^P?/, ''));
  }

  // Objects that never say how long they were open: by our clock.
  elapsed() {
    const seconds = Math.round((Date.now() - this.opened) / 1000);
    if (this.facts.standard === '2004') return `PT${seconds}S`;
    const two = (number) => String(number).padStart(2, '0');
    return `${String(Math.floor(seconds / 3600)).padStart(4, '0')}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  }

  // What the object finds if it is opened once more before the page is: as the server gives it back.
  keepsake() {
    const { names, last, kept } = this;
    const cmi = Object.assign({}, last.cmi);
    const isSuspended = ['suspend', 'logout'].includes(cmi[names.exit]);
    if (standing(kept) === 'done') names.statuses.forEach((name) => kept[name] && (cmi[name] = kept[name]));
    cmi[names.entry] = isSuspended || standing(cmi) === 'begun' ? 'resume' : '';
    if (this.api) cmi[names.total] = this.api.cmi.getCurrentTotalTime();
    [names.time, names.exit].forEach((name) => delete cmi[name]);
    return cmi;
  }

  // What was told last, as one text; a time that is ours goes on by itself and says nothing.
  words() {
    const cmi = Object.assign({}, this.last.cmi);
    if (this.isOurTime) delete cmi[this.names.time];
    return `${this.id} ${JSON.stringify(cmi)}`;
  }

  commit() {
    this.sequence += 1;
    this.last = { sco: this.item, session: this.id, sequence: this.sequence, cmi: this.snapshot() };
    return this.last;
  }
}
