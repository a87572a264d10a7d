import { createHash, createHmac } from 'node:crypto';

export interface S3Keys {
  readonly id: string;
  readonly secret: string;
  /** Of keys that hold for a while; null: they have none. */
  readonly session: string | null;
}

export interface Unsigned {
  readonly method: 'GET' | 'PUT';
  /** Its path as it is sent. */
  readonly url: URL;
  /** Lower-case names; all of them are signed. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body, in hex. */
  readonly bodyHash: string;
}

export interface Signing {
  readonly keys: S3Keys;
  readonly region: string;
  /** Moment of the signature, ms: the server takes it for a quarter of an hour. */
  readonly at: number;
}

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const ordered = (a: readonly [string, string], b: readonly [string, string]): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] < b[1] ? -1 : 1;

/** As AWS writes a part of an address: all but letters, digits and `-._~`. */
export const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/gu, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** The headers with those of AWS Signature Version 4 for S3 beside them. */
export function signed({ method, url, headers, bodyHash }: Unsigned, { keys, region, at }: Signing): Record<string, string> {
  const time = `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/gu, '')}Z`;
  const all: Record<string, string> = {
    ...headers,
    host: url.host,
    'x-amz-content-sha256': bodyHash,
    'x-amz-date': time,
    ...(keys.session !== null && { 'x-amz-security-token': keys.session }),
  };
  const lines = Object.entries(all).sort(ordered);
  const names = lines.map(([name]) => name).join(';');
  const query = [...url.searchParams]
    .map(([name, value]): [string, string] => [encoded(name), encoded(value)])
    .sort(ordered)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const canonical = [method, url.pathname, query, ...lines.map(([name, value]) => `${name}:${value.trim()}`), '', names, bodyHash].join(
    '\n',
  );
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const key = [region, 's3', 'aws4_request'].reduce<Buffer>(hmac, hmac(`AWS4${keys.secret}`, time.slice(0, 8)));
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex');
  return { ...all, authorization: `AWS4-HMAC-SHA256 Credential=${keys.id}/${scope},SignedHeaders=${names},Signature=${signature}` };
}
