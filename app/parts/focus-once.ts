/** For the `ref` of a field that appears because a person has just asked to type there. */
export function focusOnce(field: HTMLInputElement | null): void {
  field?.focus();
}
