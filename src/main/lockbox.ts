import type { Lockbox } from '#node/proxy/passwords-file.ts';
import { safeStorage } from 'electron';

/** The system's own: Keychain, DPAPI, the keyring of the desktop. Only once the app is ready. */
export const systemLockbox: Lockbox = {
  async isSafe() {
    // On Linux without a keyring it would only hide the text.
    const isHidden = process.platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend());
    return !isHidden && (await safeStorage.isAsyncEncryptionAvailable());
  },
  lock: async (text) => (await safeStorage.encryptStringAsync(text)).toString('base64'),
  unlock: async (locked) => (await safeStorage.decryptStringAsync(Buffer.from(locked, 'base64'))).result,
};
