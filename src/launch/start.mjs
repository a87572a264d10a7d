// Plain JavaScript that any Node since 12 can read: it says which Node is needed before it imports anything that needs it.
const needed = 24;
const found = Number(process.versions.node.split('.')[0]);

if (found < needed) {
  process.stderr.write(
    'perpscope: Node ' +
      needed +
      ' or newer is needed, this is ' +
      process.versions.node +
      '.\n' +
      'Start with `npm start` after `npm ci`: where a Node for this machine is among the packages, npm brings and uses it.\n' +
      'Otherwise install Node ' +
      needed +
      ' from https://nodejs.org and try again.\n',
  );
  process.exitCode = 1;
} else {
  import('./launch.ts').then(
    (launcher) => launcher.launch(process.argv.slice(2)),
    (error) => {
      if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
      process.stderr.write('perpscope: its packages are not installed: run `npm ci` in this folder first.\n');
      process.exitCode = 1;
    },
  );
}
