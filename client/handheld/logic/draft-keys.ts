/** Names under which typed text is kept: one per form and record, so that two forms never meet. */
export const draftKeys = {
  feedback: (visit: string): string => `visit/${visit}/feedback`,
  reason: (visit: string, transition: string): string => `visit/${visit}/${transition}`,
  mend: (change: string): string => `mend/${change}`,
} as const
