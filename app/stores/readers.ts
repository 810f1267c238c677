/** What reads texts that do not come with the page. Whoever is loaded late and needs it imports this file. */
import { setInText } from '../../src/config/edit-text.ts';
import { parseRecapConfig } from '../../src/config/parse-config.ts';
import { locateProblems } from '../../src/config/place-problems.ts';
import { parseTeacherConfig, teacherValues } from '../../src/data/synthesis/parse-teacher-config.ts';
import { defaultTeacherConfig } from '../../src/data/synthesis/teacher-config.ts';
import { parseHeuristicSteps } from '../../src/ranking/heuristics/steps-file.ts';
import { parseScoreWeights, scoreWeightsToYaml } from '../../src/ranking/score-weights-file.ts';
import { tweetListSchema, tweetSchema } from '../../src/ranking/tweet-schema.ts';
import { provideReaders } from './reading.ts';

provideReaders({
  parseRecapConfig,
  locateProblems,
  setInText,
  parseTeacherConfig,
  teacherValues,
  defaultTeacherConfig,
  parseScoreWeights,
  scoreWeightsToYaml,
  parseHeuristicSteps,
  tweetSchema,
  tweetListSchema,
});
