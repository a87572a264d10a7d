import { app, crashReporter } from 'electron';

/** Dumps of processes that died lie in the data folder (Crashpad) for the person who wants to send one. Call before the app is ready. */
export function keepCrashDumps(): void {
  // SECURITY: a dump holds what was in memory; it never leaves this machine by itself.
  crashReporter.start({ uploadToServer: false });
}

/** Bytes that all processes of the app hold. */
export function memoryOfAll(): number {
  return app.getAppMetrics().reduce((sum, { memory }) => sum + memory.workingSetSize * 1024, 0);
}
