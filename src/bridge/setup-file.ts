/** How the file of a setup ends, what the system calls it, and how much of it is read. Packages name the same (build/config.ts, build/deb.ts). */
export const SETUP_ENDING = 'perpsetup';
export const SETUP_TYPE = 'application/vnd.perpscope.setup+json';
export const MOST_SETUP_CHARS = 200_000;
