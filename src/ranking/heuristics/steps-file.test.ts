import { describe, expect, it } from 'vitest';
import { problemsText } from '../../config/text/text-problem.ts';
import { heuristicPresets, heuristicStepsToJson } from './presets.ts';
import { parseHeuristicSteps } from './steps-file.ts';

const errors = (text: string) => problemsText(parseHeuristicSteps(text).problems);

describe('heuristic steps as JSON', () => {
  it('round-trip, switched off and edited ones too', () => {
    for (const { steps } of heuristicPresets) {
      const edited = steps.map((step, i) => ({ ...step, enabled: i % 2 === 0 }));
      expect(parseHeuristicSteps(heuristicStepsToJson(edited))).toEqual({ value: edited, problems: [] });
    }
  });

  it('take defaults for what is left out', () => {
    expect(parseHeuristicSteps('[{"id": "reply"}]').value).toEqual([
      { id: 'reply', enabled: true, constants: { factor: 0.75 } },
    ]);
  });

  it('name the place and the mend', () => {
    expect(errors('[\n {"id": "rely"}\n]')).toMatch(
      /^line 2, column 9: \[0\]\.id: there is no such heuristic; there are/,
    );
    expect(errors('[{"id": "reply", "constants": {"fctor": 1}}]')).toMatch(
      /column 41: .*no constant "fctor".*: factor$/,
    );
    expect(errors('[{"id": "reply", "constants": {"factor": -1}}]')).toMatch(/between 0 and 10, it is -1/);
    expect(errors('[{"id": "reply"}, {"id": "reply"}]')).toMatch(/^line 1, column 26: .*occurs twice/);
    expect(errors('{}')).toMatch(/^line 1, column 1: the text: must be a list/);
  });
});
