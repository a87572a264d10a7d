/**
 * node test/types.ts [--report file] <folder with a tsconfig.json>...: type errors of each folder's own files, under its own
 * configuration. What a folder imports from another one is checked there, once, and each file is read once for all.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '..');
const words = { getCurrentDirectory: () => root, getCanonicalFileName: (name: string) => name, getNewLine: () => '\n' };
const read = new Map<string, ts.SourceFile | undefined>();

/** All configurations extend one base: what they differ in (libraries, known globals) does not change how a file is read. */
function hostOf(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    getSourceFile(fileName, ...how) {
      if (!read.has(fileName)) read.set(fileName, host.getSourceFile(fileName, ...how));
      return read.get(fileName);
    },
  };
}

function errorsOf(folder: string): readonly ts.Diagnostic[] {
  const unread: ts.Diagnostic[] = [];
  const config = ts.getParsedCommandLineOfConfigFile(resolve(root, folder, 'tsconfig.json'), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (error) => unread.push(error),
  });
  if (config === undefined) return unread;
  const program = ts.createProgram({ rootNames: config.fileNames, options: config.options, host: hostOf(config.options) });
  const own = config.fileNames.flatMap((name) => {
    const file = program.getSourceFile(name);
    if (file === undefined) throw new Error(`${name} is no part of its own program`);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  });
  return [...unread, ...config.errors, ...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics(), ...own];
}

const [first, ...rest] = process.argv.slice(2);
const [report, folders] = first === '--report' ? [rest[0], rest.slice(1)] : [undefined, process.argv.slice(2)];
const failed = folders.filter((folder) => {
  const errors = errorsOf(folder);
  if (errors.length > 0) console.log(ts.formatDiagnostics(errors, words));
  return errors.length > 0;
});
if (report !== undefined) writeFileSync(report, JSON.stringify({ passed: folders.length - failed.length, failed: failed.length }));
if (failed.length > 0) console.log(`type errors: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
