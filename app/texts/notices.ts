/** Texts of the notices under the page's head. */
import { texts } from './language.ts';
import { plural } from './plural.ts';

export const noticeTexts = texts('notice', {
  region: 'Notices',
  newer: 'A newer version of this page is here.',
  useNewer: 'Reload with it',
  newerAbout: 'Kept runs and settings stay. Otherwise it is used when the page is opened next.',
  passing: 'Runs live only as long as this page.',
  passingAbout: 'This browser window keeps no files, as private windows do: export what you want to keep.',
  readOnly: 'This run is open to look at only.',
  tryAgain: 'Try again',
  onProcessor: 'Go on on the processor',
  onProcessorHint: 'From the newest state, with tfjs on WebAssembly: slower, and other last digits',
  newRun: 'Begin a new run',
  unkept: 'The run goes on, but is not kept.',
  unkeptAbout: (why: string) =>
    `${why} What it has reported so far is on this page only: export it before you leave.`,
  recovered: 'The graphics device was lost, and the run went on by itself.',
  recoveredAbout: (step: string, repeated: number, message: string) =>
    repeated === 0
      ? `It was taken up again at step ${step}; no step had to be repeated. ${message}`
      : `It was taken up again at step ${step}; ${plural(repeated, {
          one: '# step was repeated',
          other: '# steps were repeated',
        })}, with the same numbers. ${message}`,
  workerStopped: 'A worker of this page has stopped.',
  bringBack: 'Bring the run back',
  workerStoppedAbout: (message: string) =>
    `${message} Nothing that was kept is lost: the run goes on from its newest checkpoint. If it happens again the browser may be out of memory: a smaller batch or model helps.`,
  notPrepared: 'The run could not be prepared.',
  stopped: 'The run has stopped.',
});
