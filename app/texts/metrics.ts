/** Names of an evaluation's metrics, in charts, tables and files. */
import { texts } from './language.ts';

export const metricTexts = texts('metric', {
  teacherLimit: "Teacher's limit",
  loss: 'Loss',
  pctr: 'pCTR against CTR',
  calibrated: 'Calibrated',
  meanCalibrated: 'Mean calibrated',
  notCounted: 'not counted in this evaluation',
});
