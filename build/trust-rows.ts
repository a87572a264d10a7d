/** Which test proves which promise: the fault matrix (50 rows) and Electron's list (20). `part` is a part of a title as it stands in the file. */
export interface Proof {
  readonly file: string;
  readonly part: string;
}
export interface Row {
  readonly what: string;
  readonly tests: readonly Proof[];
  /** What of it only real Electron, another system or true hardware can show. */
  readonly unseen?: string;
}

const proof = (file: string, part: string): Proof => ({ file: `test/${file}`, part });
const damage = (part: string): Proof => proof('unit/node/history/files.test.ts', part);
const settings = (part: string): Proof => proof('unit/node/settings.test.ts', part);
const poller = (part: string): Proof => proof('unit/core/collect/poller.test.ts', part);
const http = (part: string): Proof => proof('unit/node/http.test.ts', part);
const fullDisk = proof('unit/node/history/full-disk.test.ts', 'a full disk costs polls while it lasts');
const page = (part: string): Proof => proof('desktop/trust.test.ts', part);
const guard = (part: string): Proof => proof('unit/main/trust.test.ts', part);
const rules = (part: string): Proof => proof('unit/main/trust-rules.test.ts', part);
const life = (part: string): Proof => proof('desktop/life.test.ts', part);
const recovery = (part: string): Proof => proof('unit/main/recovery.test.ts', part);
const updates = (part: string): Proof => proof('unit/node/updates/updates.test.ts', part);

export const faults: readonly Row[] = [
  {
    what: 'kill -9 in the middle of a poll',
    tests: [proof('unit/node/history/kill.test.ts', 'kill -9 at any moment loses no acknowledged poll')],
  },
  {
    what: 'kill -9 while settings are written',
    tests: [proof('unit/node/settings-kill.test.ts', 'in the middle of writing, nothing acknowledged is lost')],
  },
  {
    what: 'power loss',
    tests: [proof('unit/node/history/power-loss.test.ts', 'a power loss that tears the end of the -wal')],
    unseen: 'true power cuts',
  },
  { what: 'history of 0 bytes', tests: [damage("'0 bytes'")] },
  { what: 'garbage in its header', tests: [damage("'garbage in the header'")] },
  { what: 'a damaged page', tests: [damage("'one page overwritten'"), damage('damage that a check beside it finds')] },
  { what: 'cut short', tests: [damage("'cut to half'"), damage("'cut in the middle of a page'")] },
  {
    what: 'a -wal that is not its own',
    tests: [damage('a stale -wal of another file'), damage('a -wal that is whole, of another history')],
  },
  {
    what: 'history of a newer version',
    tests: [
      proof('unit/node/history/versions.test.ts', 'is refused by an older one, and left as it is'),
      proof('web/newer-history.spec.ts', 'a history that a newer version wrote is shown'),
    ],
  },
  {
    what: 'a migration that throws or is killed',
    tests: [damage('one that fails has not happened'), damage('one that is killed half-way has not happened either')],
  },
  {
    what: 'history locked by another process',
    tests: [
      proof('unit/node/lock.test.ts', 'is refused to another process'),
      proof('unit/node/history/polls.test.ts', 'a file that another program holds costs the poll'),
    ],
  },
  { what: 'nothing can be written', tests: [damage('the session runs in memory and says so')] },
  { what: 'disk full during a poll', tests: [fullDisk] },
  { what: 'disk full at start', tests: [fullDisk, proof('unit/core/full-disk.test.ts', 'after a start on a full disk')] },
  { what: 'disk full while settings are saved', tests: [settings('the old file stays, the new settings are in memory')] },
  { what: 'little room left', tests: [proof('unit/node/history/room.test.ts', 'while room is low snapshots are left out and said')] },
  { what: 'the -wal grows', tests: [proof('unit/node/history/maintain.test.ts', 'keeps an old view open and the -wal grows')] },
  { what: 'settings half-written, NUL or empty', tests: [settings('the newest good copy is loaded, the broken file kept')] },
  { what: 'one bad setting', tests: [settings('costs only itself, whatever it holds')] },
  { what: 'settings cannot be renamed (antivirus)', tests: [settings('the old file stays, the new settings are in memory')] },
  { what: 'HTTP 429', tests: [poller('429 with Retry-After'), poller('a failing venue never delays another')] },
  { what: 'HTTP 418, a ban', tests: [poller('a ban is sat out with a margin, also across a restart')] },
  { what: 'HTTP 5xx, HTML or JSON', tests: [poller('backs off from 1 s to 5 min'), poller('the random part of the back-off')] },
  { what: 'HTTP 403 and 451', tests: [poller('blocked, asked again once an hour')] },
  { what: 'headers never come', tests: [http('ends as a timeout and closes the socket')] },
  { what: 'a body that stalls or drips', tests: [http('ends as a timeout and closes the socket')] },
  {
    what: 'reset, no name, no TLS, a captive portal',
    tests: [http('is a network error with its cause'), poller('zero rows, a web page, an empty body and nonsense are failures')],
  },
  { what: 'cut JSON, another shape, an empty list', tests: [poller('zero rows, a web page, an empty body and nonsense are failures')] },
  {
    what: 'part of the list',
    tests: [
      poller('is unlisted once three polls agree'),
      proof('unit/core/collect/recorder.test.ts', 'stays degraded, delists nothing and says so'),
    ],
  },
  {
    what: 'absurd values',
    tests: [
      proof('unit/core/app.test.ts', 'a value beyond the bounds is refused'),
      proof('unit/core/collect/recorder.test.ts', 'that is 16 times what it was is held back'),
    ],
  },
  {
    what: 'huge answers and bombs',
    tests: [
      http('a small gzip that unpacks to 16 MB'),
      proof('unit/node/venues/worker.test.ts', 'one that takes all its memory costs that answer'),
    ],
  },
  {
    what: 'duplicate, late and jittered stamps',
    tests: [proof('unit/node/history/settled.test.ts', 'shuffled, repeated and jittered rows')],
  },
  { what: 'the funding interval changes', tests: [proof('unit/core/app.test.ts', 'a change of interval is an event')] },
  {
    what: 'a symbol is delisted, renamed or new',
    tests: [poller('is unlisted once three polls agree'), proof('unit/core/listings.test.ts', 'is not delisted, however long that lasts')],
  },
  {
    what: 'the clock jumps or is wrong',
    tests: [
      proof('unit/core/read/live.test.ts', 'the wall is set an hour ahead'),
      proof('unit/core/time.test.ts', 'venue time is the median of five samples'),
    ],
  },
  {
    what: 'sleep and resume',
    tests: [
      proof('unit/core/time.test.ts', 'sleep is seen whether or not the monotonic clock counts it'),
      proof('unit/core/weeks.test.ts', 'outages, sleep and restarts loses nothing'),
    ],
    unseen: 'a machine that really sleeps',
  },
  {
    what: 'no network for hours',
    tests: [
      proof('unit/core/weeks.test.ts', 'outages, sleep and restarts loses nothing'),
      proof('web/outage.spec.ts', 'a venue that goes down says so and comes back'),
    ],
  },
  {
    what: 'the window is hidden for days',
    tests: [proof('unit/core/hidden.test.ts', 'a window that is hidden for hours changes nothing')],
    unseen: 'a window that a system really hides',
  },
  { what: 'summer time and odd zones', tests: [proof('unit/renderer/charts/time-axis.test.ts', 'Lord_Howe')] },
  {
    what: 'the page dies',
    tests: [recovery('a page that dies is loaded again, three times'), life('a page that dies is loaded again three times')],
    unseen: 'a crash of real Electron',
  },
  {
    what: 'the page hangs',
    tests: [recovery('a page that hangs is told once'), life('a page that hangs is offered to be loaded again')],
    unseen: "Electron's own word for a page that hangs",
  },
  {
    what: 'a collecting or storing process dies',
    tests: [
      proof('unit/node/history/open.test.ts', 'a worker that dies takes only what was in flight'),
      proof('unit/node/history/open.test.ts', 'is started three times in ten minutes'),
    ],
  },
  {
    what: 'the graphics process is lost',
    tests: [recovery('a graphics process that is lost'), proof('web/graphics-lost.spec.ts', 'a chart whose pixels were lost')],
    unseen: 'a graphics process that really dies',
  },
  {
    what: 'a fault outside every handler',
    tests: [proof('unit/node/faults.test.ts', 'faults are logged and survived, up to five a minute')],
  },
  { what: 'started twice', tests: [life('a second start on the same folder')] },
  {
    what: 'the system ends it without asking',
    tests: [life('keeps on SIGTERM what was changed a moment before'), proof('unit/node/history/kill.test.ts', 'kill -9 at any moment')],
    unseen: 'the end of a Windows session',
  },
  {
    what: 'an update fails',
    tests: [
      updates('that breaks off half-way'),
      updates('is refused in one sentence'),
      updates('is a replay, also after a restart'),
      updates('for which the disk has no room'),
    ],
    unseen: 'an AppImage that is replaced',
  },
  {
    what: 'a backup during writes, restored',
    tests: [proof('unit/node/backup/restore.test.ts', 'a backup is one moment of a history that is written meanwhile')],
  },
  { what: 'the log fills the disk', tests: [proof('unit/node/log.test.ts', 'the folder never outgrows its files')] },
  {
    what: '50 days of polls',
    tests: [proof('web/leak.spec.ts', 'a chart that comes and goes two hundred times')],
    unseen: '72,000 polls: by hand (`docs/soak/weeks.txt`)',
  },
];

export const electron: readonly Row[] = [
  {
    what: 'only secure content',
    tests: [
      proof('arch/way-out.test.ts', 'nothing else in src opens a socket'),
      proof('arch/outside.test.ts', 'what venues are asked by default is encrypted'),
      guard('loads nothing from the network'),
    ],
  },
  {
    what: 'no Node for pages',
    tests: [page('runs with the preferences that isolate it'), page('has no Node')],
    unseen: 'isolation by Electron itself',
  },
  {
    what: 'context isolation',
    tests: [page('runs with the preferences that isolate it'), page('two functions that cannot be replaced')],
    unseen: 'isolation by Electron itself',
  },
  { what: 'the sandbox', tests: [guard('every page is in the sandbox')], unseen: 'the sandbox of the system' },
  { what: 'permissions', tests: [guard('is granted "copy" alone'), guard('is given no device'), page('is granted nothing but "copy"')] },
  { what: 'webSecurity stays on', tests: [proof('arch/way-out.test.ts', 'these of Electron are never set')] },
  {
    what: 'a content security policy',
    tests: [page('is served with the policy, and breaks it nowhere'), proof('unit/node/assets.test.ts', 'every answer carries the policy')],
  },
  { what: 'no insecure content', tests: [proof('arch/way-out.test.ts', 'these of Electron are never set')] },
  { what: 'no experimental features', tests: [proof('arch/way-out.test.ts', 'these of Electron are never set')] },
  { what: 'no Blink features', tests: [proof('arch/way-out.test.ts', 'these of Electron are never set')] },
  { what: 'no webview', tests: [page('runs with the preferences that isolate it')] },
  { what: 'webviews are refused', tests: [guard('is kept from %s %o')] },
  { what: 'navigation', tests: [guard('is kept from %s %o'), page('stays where it is when it is sent to %s')] },
  {
    what: 'new windows',
    tests: [page('opens no window but the pop-out, and of that eight'), guard('opens nothing but a window of the terminal')],
  },
  { what: 'nothing handed to the system', tests: [proof('arch/outside.test.ts', 'no address is handed to the system')] },
  {
    what: 'a current Electron',
    tests: [proof('build/workflow.test.ts', 'Electron is one of the newest three majors')],
    unseen: 'which one is the newest: the release asks',
  },
  { what: 'the sender of a call', tests: [page('is refused the bridge as %s'), rules('a call counts from the top frame')] },
  { what: 'no file://', tests: [proof('unit/node/assets.test.ts', 'a dot segment cannot leave the root'), guard('is kept from %s %o')] },
  {
    what: 'fuses',
    tests: [
      proof('build/fuses.test.ts', 'nine of nine fuses are decided'),
      proof('build/package.test.ts', 'the packed program has the fuses'),
    ],
    unseen: "Electron's own binary",
  },
  {
    what: "none of Electron's own functions in the page",
    tests: [page('two functions that cannot be replaced'), page('gets events as payload alone')],
  },
];
