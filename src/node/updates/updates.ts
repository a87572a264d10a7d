import type { UpdateNews } from '#bridge/update.ts';
import type { Http } from '#core/ports/http.ts';
import type { Updates } from '#core/ports/updates.ts';
import { HttpError } from '#core/venue-error.ts';
import type { ProxyChoice } from '#bridge/proxy.ts';
import type { Installer } from './install.ts';
import { compareVersions, type Manifest, publicKeyOf, readManifest, type ReleasedFile, UpdateError } from './manifest.ts';
import type { Release } from './release.ts';
import type { Seen } from './seen.ts';

const DAY_MS = 86_400_000;
const MANIFEST_BYTES = 256_000;
const MANIFEST_MS = 15_000;
const DOWNLOAD_MS = 1_800_000;

export interface UpdatesOptions {
  readonly http: Http;
  readonly release: Release | null;
  readonly seen: Seen;
  /** Of this build. */
  readonly version: string;
  /** Real time, whatever a demo's clock says. */
  readonly now: () => number;
  /** Null: this kind of package is replaced by its own means (a package manager, an installer, a disk image). */
  readonly installer: Installer | null;
  /** Node's names; of the file that replaces this one. */
  readonly arch: string;
}

export function createUpdates({ http, release, seen, version, now, installer, arch }: UpdatesOptions): Updates {
  async function ask(url: string, proxy: ProxyChoice, as: 'text' | 'base64', maxBytes: number, deadlineMs: number): Promise<string> {
    const answer = await http.request({ method: 'GET', url, proxy, as, maxBytes, deadlineMs }).catch((error: unknown) => {
      if (error instanceof HttpError) throw new UpdateError(`No whole answer came from the update address (${error.kind}).`);
      throw error;
    });
    if (answer.status !== 200) throw new UpdateError(`The update address answered with status ${answer.status}.`);
    return answer.body;
  }

  /** Signed, of now, not older than what was seen, not older than this version. */
  async function newest(proxy: ProxyChoice): Promise<{ readonly manifest: Manifest; readonly from: string }> {
    if (release === null) throw new UpdateError('This build has no address and no key of releases: it cannot look for a newer version.');
    const from = release.address;
    const manifest = readManifest(await ask(from, proxy, 'text', MANIFEST_BYTES, MANIFEST_MS), publicKeyOf(release.key));
    const day = (text: string): string => text.slice(0, 10);
    if (Date.parse(manifest.issuedAt) > now() + DAY_MS)
      throw new UpdateError(`The notice of a new version is dated ${day(manifest.issuedAt)}: the clock of this machine is behind.`);
    if (Date.parse(manifest.expiresAt) < now())
      throw new UpdateError(`The newest notice that came was good until ${day(manifest.expiresAt)}: a newer one may be held back.`);
    if (manifest.sequence < seen.read())
      throw new UpdateError(`An older notice came than one that was seen before (of ${day(manifest.issuedAt)}).`);
    if (compareVersions(manifest.version, version) < 0)
      throw new UpdateError(`The notice names version ${manifest.version}, which is older than this one (${version}).`);
    await seen.keep(manifest.sequence);
    return { manifest, from };
  }

  const fileFor = ({ files }: Manifest): ReleasedFile | undefined =>
    installer === null ? undefined : files.find((file) => file.format === 'AppImage' && file.arch === arch);

  return {
    async look(proxy): Promise<UpdateNews> {
      const { manifest } = await newest(proxy);
      const newer = compareVersions(manifest.version, version) > 0;
      const { version: of, changes, link } = manifest;
      return { version: of, changes, link, newer, installable: newer && fileFor(manifest) !== undefined };
    },
    async prepare(proxy) {
      const { manifest, from } = await newest(proxy);
      const file = fileFor(manifest);
      if (installer === null || file === undefined || compareVersions(manifest.version, version) === 0)
        throw new UpdateError('There is nothing newer that this kind of package could be replaced with.');
      const content = await ask(new URL(file.name, from).href, proxy, 'base64', file.bytes, DOWNLOAD_MS);
      await installer.prepare(file, Buffer.from(content, 'base64'));
      return manifest.version;
    },
    install: () => installer?.install() ?? Promise.resolve(false),
  };
}
