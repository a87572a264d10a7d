/** A bill of materials (CycloneDX 1.6) of what is shipped: packages with their licences and the hashes of package-lock.json, and the runtime. */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Artefact, packageJson, root, shipped } from './shipped.ts';

interface Locked {
  readonly integrity?: string;
}
export interface Runtime {
  readonly name: 'electron' | 'node';
  readonly version: string;
}

const hex = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');
const purl = (name: string, version: string): string => `pkg:npm/${name.replace('@', '%40')}@${version}`;

export function billOf(artefact: Artefact, runtime: Runtime): object {
  const { version } = packageJson(root);
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> };
  const components = [...shipped(artefact).values()]
    .map((folder) => {
      const { name, version: of, license } = packageJson(folder);
      const [algorithm = '', hash = ''] = lock.packages[relative(root, folder).replaceAll('\\', '/')]?.integrity?.split('-', 2) ?? [];
      return {
        type: 'library',
        'bom-ref': purl(name, of),
        name,
        version: of,
        purl: purl(name, of),
        ...(license !== undefined && { licenses: [{ expression: license }] }),
        ...(algorithm === 'sha512' && { hashes: [{ alg: 'SHA-512', content: hex(hash) }] }),
      };
    })
    .toSorted((a, b) => a.purl.localeCompare(b.purl, 'en'));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': `perpscope-${artefact}`,
        name: artefact === 'app' ? 'Perpscope' : 'perpscope',
        version,
        licenses: [{ license: { id: 'MIT' } }],
      },
    },
    components: [
      { type: 'platform', 'bom-ref': `runtime-${runtime.name}`, ...runtime, purl: `pkg:generic/${runtime.name}@${runtime.version}` },
      ...components,
    ],
  };
}
