/** What vite writes into every page at build time. Read by vite.config.ts and by tests that build a page of their own. */
export const pageFlags = (version: string): Record<string, string> => ({
  __OUTPOST_VERSION__: JSON.stringify(version),
  // vue-i18n: only the composition API, and messages compiled to trees (never to code).
  __VUE_I18N_LEGACY_API__: 'false',
  __VUE_I18N_FULL_INSTALL__: 'false',
  __INTLIFY_PROD_DEVTOOLS__: 'false',
  __INTLIFY_DROP_MESSAGE_COMPILER__: 'false',
  __VUE_OPTIONS_API__: 'true',
  __VUE_PROD_DEVTOOLS__: 'false',
})
