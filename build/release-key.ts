/** `npm run release:key`: a new pair for signing notices of versions. The public half goes into src/node/updates/release.ts, the private one into the release's secrets. */
import { generateKeyPairSync } from 'node:crypto';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const { x = '' } = publicKey.export({ format: 'jwk' });
console.log(`public (src/node/updates/release.ts):  ${Buffer.from(x, 'base64url').toString('base64')}`);
console.log(`private (secret PERPSCOPE_RELEASE_KEY): ${privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')}`);
