/** The values are PyYAML 6.0's (SafeLoader) and pydantic 1's. */
import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from './parse-config.ts';
import { edit, only, sample, shown } from './test-texts.ts';
import { readYaml } from './yaml-tree.ts';

const valueOf = (yaml: string) => {
  const { root, problems } = readYaml(yaml);
  expect(problems.filter(({ severity }) => severity !== 'info')).toEqual([]);
  return root?.value;
};

describe('scalars of YAML 1.1', () => {
  it.each<[string, unknown]>([
    ['010', 8],
    ['0100', 64],
    ['-010', -8],
    ['00', 0],
    ['08', '08'],
    ['0_8', '0_8'],
    ['0b11', 3],
    ['-0b1_1', -3],
    ['0x1F', 31],
    ['0x_f', 15],
    ['0o10', '0o10'],
    ['1_000', 1000],
    ['1__0', 10],
    ['1_', 1],
    ['_1', '_1'],
    ['+1_0', 10],
    ['-0', 0],
    ['2:00:00', 7200],
    ['190:20:30', 685230],
    ['-190:20:30.15', -685230.15],
    ['1:59.5', 119.5],
    ['1:70', '1:70'],
    ['1e-4', '1e-4'],
    ['1.e5', '1.e5'],
    ['1.0e5', '1.0e5'],
    ['1.5e+3', 1500],
    ['1.0e-4', 1e-4],
    ['1_000.5', 1000.5],
    ['0.1_5', 0.15],
    ['.5', 0.5],
    ['-.5', '-.5'],
    ['1.', 1],
    ['.', '.'],
    ['.inf', Infinity],
    ['+.INF', Infinity],
    ['-.Inf', -Infinity],
    ['.nan', NaN],
    ['.Nan', '.Nan'],
    ['yes', true],
    ['Off', false],
    ['ON', true],
    ['y', 'y'],
    ['oN', 'oN'],
    ['~', null],
    ['NULL', null],
    ['nUll', 'nUll'],
    ['', null],
    ['2023-03-01', '2023-03-01'],
    ['"010"', '010'],
    ['!!str 010', '010'],
    ['!!int "010"', 8],
    ['!!float 1', 1],
    ['!!float "1e5"', 100000],
    ['!!bool "yes"', true],
    ['!!null ""', null],
    ['! 12', 12],
    ['12345678901234567890', 12345678901234567000],
    ['0x20000000000003', 9007199254740996],
  ])('a: %s', (written, value) => {
    expect(valueOf(`a: ${written}`)).toEqual({ a: value });
  });

  it.each([
    ['a: =', 'write "="'],
    ['a: 0b_', 'holds no digit'],
    ['a: !!int x', '!!int needs a whole number'],
    ['a: !foo x', 'The tag !foo is not read here'],
    ['a: !!set {x}', 'The tag !!set is not read here'],
    ['on: 1', 'The key on is read as true, not as a name: put it in quotes'],
    ['1_0: 1', 'The key 1_0 is read as 10'],
    ['? \n: 1', 'The key (empty) is read as null'],
  ])('refuses %s', (yaml, message) => {
    const { problems } = readYaml(yaml);
    expect(problems).toMatchObject([{ severity: 'error' }]);
    expect(problems[0]?.message).toContain(message);
  });

  it('breaks lines at a lone carriage return', () => {
    expect(valueOf('a: 1\r\rb: 2\r')).toEqual({ a: 1, b: 2 });
    const text = edit(sample, 'num_eval_steps: 8', 'num_eval_steps: x').replaceAll('\n', '\r');
    expect(only(text)).toMatchObject({ underlined: 'x' });
  });
});

describe('merge keys, in the order of a Python dict', () => {
  it.each([
    [
      'b: 2\nx: 1\n<<: {a: 1, b: 3}',
      [
        ['a', 1],
        ['b', 2],
        ['x', 1],
      ],
    ],
    [
      '<<: {a: 1}\nb: 2\n<<: {a: 3, c: 4}',
      [
        ['a', 3],
        ['c', 4],
        ['b', 2],
      ],
    ],
    [
      '<<: [{a: 1, b: 1}, {a: 2, c: 3}]\nc: 5',
      [
        ['a', 1],
        ['c', 5],
        ['b', 1],
      ],
    ],
    ['"<<": 1', [['<<', 1]]],
  ])('%j', (yaml, entries) => {
    expect(Object.entries(valueOf(yaml) as object)).toEqual(entries);
  });
});

describe('a configuration, as pydantic takes it', () => {
  const training = (line: string) =>
    parseRecapConfig(edit(sample, 'num_eval_steps: 8', line)).config?.training;

  it.each<[string, object]>([
    ['num_eval_steps: "8"', { num_eval_steps: 8 }],
    ['num_eval_steps: 089', { num_eval_steps: 89 }],
    ['num_eval_steps: "010"', { num_eval_steps: 10 }],
    ['num_eval_steps: 8.0', { num_eval_steps: 8 }],
    ['num_eval_steps: " 1_0 "', { num_eval_steps: 10 }],
    ['eval_timeout_in_s: 1e-4', { eval_timeout_in_s: 1e-4 }],
    ['eval_timeout_in_s: "1_0.5"', { eval_timeout_in_s: 10.5 }],
    ['eval_timeout_in_s: .5E3', { eval_timeout_in_s: 500 }],
    ['save_dir: 123', { save_dir: '123' }],
    ['save_dir: 2023-03-01', { save_dir: '2023-03-01' }],
  ])('%s', (line, expected) => {
    expect(training(line)).toMatchObject(expected);
  });

  it.each<[string, boolean]>([
    ['yes', true],
    ['off', false],
    ['y', true],
    ['F', false],
    ['"False"', false],
    ['1', true],
    ['0.0', false],
  ])('repeat_files: %s', (written, value) => {
    const text = edit(sample, 'train_data:', `train_data:\n  repeat_files: ${written}`);
    expect(parseRecapConfig(text).config?.train_data.repeat_files).toBe(value);
  });

  it.each([
    ['save_dir: 010', 'save_dir must be a text, but is 8; put it in quotes: "8"'],
    ['save_dir: 1.50', 'save_dir must be a text, but is 1.5'],
    ['save_dir: yes', 'save_dir must be a text, but is true'],
    ['eval_timeout_in_s: true', 'write 1'],
    ['eval_timeout_in_s: 1e400', 'but is the text "1e400"'],
    ['num_eval_steps: 1e3', 'write 1000'],
    ['num_eval_steps: 2.7', 'write 2 or 3'],
  ])('refuses %s', (line, message) => {
    expect(only(edit(sample, 'num_eval_steps: 8', line)).message).toContain(message);
  });

  it('says so where a number is read in another base', () => {
    expect(shown(edit(sample, 'num_eval_steps: 8', 'num_eval_steps: 010'))).toEqual([
      'info 010: 010 is read in base 8, as 8, because of its leading 0: write 8, or put a text in quotes.',
    ]);
    expect(
      shown(edit(sample, 'num_eval_steps: 8', 'num_eval_steps: 1:30')).filter((line) =>
        line.includes('base 60'),
      ),
    ).toEqual(['info 1:30: 1:30 is read in base 60, as 90: write 90, or put a text in quotes.']);
  });
});

describe('string.Template', () => {
  const inputs = (written: string, variables?: Record<string, string>) =>
    parseRecapConfig(edit(sample, 'data/*.gz', written), variables && { variables }).config?.train_data
      .inputs;

  it.each([
    ['$$X', '$X'],
    ['$${X}', '${X}'],
    ['$$$X', '$1'],
    ['${X}$X', '11'],
    ['$X.gz', '1.gz'],
    ['$Xa', '$Xa'],
    ['${X', '${X'],
    ['${}', '${}'],
    ['${1}', '${1}'],
    ['${X:-d}', '${X:-d}'],
    ['a$', 'a$'],
    ['$ X', '$ X'],
    ['${ä}', '${ä}'],
    ['$x', '$x'],
  ])('%s', (written, value) => {
    expect(inputs(`${written}`, { X: '1' })).toBe(value);
  });

  it('makes one dollar sign of two on a page as well', () => {
    expect(inputs('$$X')).toBe('$X');
  });

  it('knows what was written from what was put in', () => {
    const { problems } = parseRecapConfig(edit(sample, 'data/*.gz', '$$HOME/$A'), { variables: { A: '$B' } });
    expect(problems).toEqual([]);
  });
});
