import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const SETTINGS_NAME = 'settings';
const FILE = `${SETTINGS_NAME}.json`;
const GOOD_COPIES = 3;

export interface WholeFile {
  readonly kind: 'whole';
  readonly text: string;
  readonly data: Record<string, unknown>;
}
export type ReadResult = { readonly kind: 'missing' } | WholeFile | { readonly kind: 'broken'; readonly why: string };

export const settingsPath = (dir: string): string => join(dir, FILE);
const goodPath = (dir: string, index: number): string => join(dir, `${SETTINGS_NAME}.good-${index}.json`);
const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Reads a settings file as one JSON object; never throws. */
export function readSettingsFile(path: string): ReadResult {
  try {
    const text = readFileSync(path, 'utf8').replace(/^\uFEFF/u, '');
    if (text.trim() === '') return { kind: 'broken', why: 'it is empty' };
    const data: unknown = JSON.parse(text);
    if (typeof data !== 'object' || data === null || Array.isArray(data)) return { kind: 'broken', why: 'it holds no settings' };
    return { kind: 'whole', text, data: data as Record<string, unknown> };
  } catch (error) {
    if (isMissing(error)) return { kind: 'missing' };
    return { kind: 'broken', why: error instanceof SyntaxError ? 'it is damaged' : reasonOf(error) };
  }
}

/** A name beside the settings file that tells what it holds and since when. */
export const asideName = (what: string, at: Date): string => `${SETTINGS_NAME}.${what}-${at.toISOString().replaceAll(':', '-')}.json`;

export function moveAside(dir: string, name: string): void {
  renameUnlessMissing(settingsPath(dir), join(dir, name));
}

/** Keeps `text` beside the settings file. */
export const keepAside = (dir: string, name: string, text: string): void => writeWhole(join(dir, name), text);

function renameUnlessMissing(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function writeWhole(path: string, text: string): void {
  const temporary = `${path}.tmp-${process.pid}`;
  writeFileSync(temporary, text, { flush: true });
  renameSync(temporary, path);
}

export interface GoodCopy {
  readonly text: string;
  readonly data: Record<string, unknown>;
  readonly name: string;
  /** UTC, to the minute, in words. */
  readonly savedAt: string;
}

/** The newest good copy that can be read. Copies rotate: the first is the newest. */
export function newestGood(dir: string): GoodCopy | null {
  for (let index = 1; index <= GOOD_COPIES; index += 1) {
    const path = goodPath(dir, index);
    const copy = readSettingsFile(path);
    if (copy.kind !== 'whole') continue;
    const savedAt = `${statSync(path).mtime.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    return { text: copy.text, data: copy.data, name: `${SETTINGS_NAME}.good-${index}.json`, savedAt };
  }
  return null;
}

export const restore = (dir: string, text: string): void => writeWhole(settingsPath(dir), text);

/** Makes `text` the newest of the rotating good copies, where it differs from the newest. Only ever called after a load that validated. */
export function keepGood(dir: string, text: string): void {
  const newest = readSettingsFile(goodPath(dir, 1));
  if (newest.kind === 'whole' && newest.text === text) return;
  for (let index = GOOD_COPIES; index > 1; index -= 1) {
    renameUnlessMissing(goodPath(dir, index - 1), goodPath(dir, index));
  }
  writeWhole(goodPath(dir, 1), text);
}

/** Removes what writes that were killed left behind. */
export function sweepTemporaries(dir: string): void {
  for (const name of readdirSync(dir)) {
    if (name.startsWith(`${SETTINGS_NAME}.`) && /\.json\.tmp-[^.]*$/u.test(name)) rmSync(join(dir, name), { force: true });
  }
}
