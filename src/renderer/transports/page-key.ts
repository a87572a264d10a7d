/** Kept by enter.js, which the host lets a browser in by. The storage of an origin is not told to other ports of the machine, as a cookie is. */
export const pageKey = (): string => localStorage.getItem('perpscope-key') ?? '';
