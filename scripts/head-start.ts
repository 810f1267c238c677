/** Build step: app/head-start.ts becomes a script of its own, in front of the page's. */
import type { Plugin } from 'vite';

const SOURCE = 'app/head-start.ts';
/** Name of the chunk that it becomes. */
export const HEAD_START = 'head-start';

/** Puts the script into the document before any other. @throws Error when the build has not made it. */
export function headStart(): Plugin {
  let base = '/';
  return {
    name: 'head-start',
    configResolved(config) {
      base = config.base;
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const built = Object.values(bundle ?? {}).find(({ name }) => name === HEAD_START);
        if (bundle && !built) throw new Error(`The build has no ${HEAD_START}.`);
        const src = built ? `${base}${built.fileName}` : `/${SOURCE}`;
        return [
          { tag: 'script', attrs: { type: 'module', crossorigin: true, src }, injectTo: 'head-prepend' },
        ];
      },
    },
  };
}
