/** A name's form in the state dict: PyTorch's module names may not hold dots. */
export function moduleName(name: string): string {
  return name.replaceAll('.', '__');
}
