/** How the axes of this panel's plots look. */
export const axis = { tick: { fontSize: 11, fill: 'var(--text-3)' }, tickLine: false } as const;
