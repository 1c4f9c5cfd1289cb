/** Set by vite.config.ts from package.json. */
declare const __OUTPOST_VERSION__: string
