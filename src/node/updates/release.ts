/**
 * Where the signed notice of the newest version lies and the key that it is signed with (Ed25519, base64). A build without them looks for
 * no version and says so. `npm run release:key` makes a pair: the public half goes here, the private one into the release's secrets.
 */
export interface Release {
  readonly address: string;
  readonly key: string;
}

export const release: Release | null = null;
