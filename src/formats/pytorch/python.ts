/** Values as Python source. */

/** What a Python literal can hold here. */
export type PythonValue =
  | string
  | number
  | boolean
  | null
  | PythonName
  | readonly PythonValue[]
  | { readonly [key: string]: PythonValue };

/** A name in the Python file, to stand where a literal would. */
export class PythonName {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Longest line of generated source. */
const WIDTH = 100;

/** A string literal. JSON's escapes are Python's too. */
export function pythonString(text: string): string {
  return JSON.stringify(text);
}

/** @throws RangeError for what Python has no literal for (NaN, infinities). */
export function pythonNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} has no Python literal.`);
  // 1e-5 reads better than 0.00001.
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
}

/**
 * A literal, broken over lines where one line is too short.
 * @param indent spaces before the line that the literal ends on.
 * @param column where the literal begins in its line.
 */
export function pythonLiteral(value: PythonValue, indent = 0, column = indent): string {
  const flat = flatLiteral(value);
  if (column + flat.length <= WIDTH) return flat;
  const inner = ' '.repeat(indent + 4);
  const outer = ' '.repeat(indent);
  if (Array.isArray(value)) {
    const items = value as readonly PythonValue[];
    if (items.every((item) => typeof item === 'number')) return `[\n${wrapped(items, indent + 4)}\n${outer}]`;
    const lines = items.map((item) => `${inner}${pythonLiteral(item, indent + 4)},`);
    return `[\n${lines.join('\n')}\n${outer}]`;
  }
  if (typeof value !== 'object' || value === null || value instanceof PythonName) return flat;
  const lines = Object.entries(value as Record<string, PythonValue>).map(([key, item]) => {
    const name = `${pythonString(key)}: `;
    return `${inner}${name}${pythonLiteral(item, indent + 4, indent + 4 + name.length)},`;
  });
  return `{\n${lines.join('\n')}\n${outer}}`;
}

function flatLiteral(value: PythonValue): string {
  if (value === null) return 'None';
  if (value instanceof PythonName) return value.name;
  if (typeof value === 'string') return pythonString(value);
  if (typeof value === 'number') return pythonNumber(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${(value as readonly PythonValue[]).map(flatLiteral).join(', ')}]`;
  const entries = Object.entries(value as Record<string, PythonValue>);
  return `{${entries.map(([key, item]) => `${pythonString(key)}: ${flatLiteral(item)}`).join(', ')}}`;
}

/** Numbers, as many to a line as fit. */
function wrapped(items: readonly PythonValue[], indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const item of items) {
    const text = `${flatLiteral(item)},`;
    if (line !== '' && indent + line.length + 1 + text.length > WIDTH) {
      lines.push(line);
      line = text;
    } else line = line === '' ? text : `${line} ${text}`;
  }
  return [...lines, line].map((each) => ' '.repeat(indent) + each).join('\n');
}
