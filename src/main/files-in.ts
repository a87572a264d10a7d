import type { FilesIn } from '#core/ports/files-in.ts';
import { BrowserWindow, dialog, type OpenDialogOptions } from 'electron';

/** Asks which file, over the window that has the focus. */
export const filesIn: Pick<FilesIn, 'choose'> = {
  async choose({ title, ending }) {
    const options: OpenDialogOptions = { title, properties: ['openFile'], filters: [{ name: title, extensions: [ending] }] };
    const window = BrowserWindow.getFocusedWindow();
    const { canceled, filePaths } = await (window === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(window, options));
    const [path] = filePaths;
    return canceled || path === undefined ? { kind: 'cancelled' } : { kind: 'chosen', path };
  },
};
