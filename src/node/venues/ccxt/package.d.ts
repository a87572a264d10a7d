/** What of the package is used; its own declarations describe a hundred exchanges and take seconds to read. */
declare module 'ccxt' {
  const ccxt: Readonly<Record<string, unknown>>;
  export default ccxt;
}
