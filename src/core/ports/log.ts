export interface Log {
  write(level: 'debug' | 'info' | 'warn' | 'error', area: string, message: string, detail?: Readonly<Record<string, unknown>>): void;
}
