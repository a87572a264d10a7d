import type { FilesOut } from '#core/ports/files-out.ts';
import { saveFile } from '#node/export/save-file.ts';
import { BrowserWindow, dialog, type SaveDialogOptions } from 'electron';

/** Asks where a file is to go, over the window that has the focus. */
export const filesOut: FilesOut = {
  async put({ name, content }) {
    const ending = name.slice(name.lastIndexOf('.') + 1);
    const options: SaveDialogOptions = { defaultPath: name, filters: [{ name: ending.toUpperCase(), extensions: [ending] }] };
    const window = BrowserWindow.getFocusedWindow();
    const { canceled, filePath } = await (window === null ? dialog.showSaveDialog(options) : dialog.showSaveDialog(window, options));
    if (canceled || filePath === '') return { kind: 'cancelled' };
    await saveFile(filePath, content);
    return { kind: 'saved', path: filePath };
  },
};
