/** All texts of the page by name: what another language has to say. */
import type { aboutTexts } from './about.ts';
import type { actionTexts, actionWords } from './actions.ts';
import type { chartTexts } from './chart.ts';
import type { columnsTexts } from './columns.ts';
import type { configEditorTexts } from './config-editor.ts';
import type { configTexts } from './config.ts';
import type { explorerTexts } from './data-explorer.ts';
import type { tableTexts } from './data-table.ts';
import type { teacherTexts } from './data-teacher.ts';
import type { dataTexts, ownFilesTexts, ownTableTexts } from './data.ts';
import type { editorTexts } from './editor.ts';
import type { editTexts } from './edits.ts';
import type { engineTexts } from './engine.ts';
import type { evaluationTexts } from './evaluation.ts';
import type { answerTexts } from './experiments.ts';
import type { fileTexts } from './files.ts';
import type { galleryTexts } from './gallery.ts';
import type { glossaryTexts, termTexts } from './glossary.ts';
import type { findingTexts, guidanceTexts } from './guidance.ts';
import type { headerTexts } from './header.ts';
import type { headTexts } from './heads.ts';
import type {
  candidatesTexts,
  heuristicsToolTexts,
  labTrainingTexts,
  tweetToolTexts,
  whatIfTexts,
} from './lab-tools.ts';
import type { labTexts } from './lab.ts';
import type { linkTexts } from './link.ts';
import type { metricTexts } from './metrics.ts';
import type {
  costTexts,
  diagramTexts,
  healthTexts,
  insideTexts,
  nodeTexts,
  partTexts,
  viewTexts,
} from './model.ts';
import type { noticeTexts } from './notices.ts';
import type { offlineTexts } from './offline.ts';
import type { pageTexts } from './page.ts';
import type { paletteTexts } from './palette.ts';
import type { cardTexts } from './ranking-details.ts';
import type { rankingTexts } from './ranking.ts';
import type { compareTexts, runsTexts, sweepTexts } from './runs.ts';
import type { sessionTexts } from './session.ts';
import type { shareTexts } from './share.ts';
import type { experimentTexts, storyTexts, tourTexts } from './story.ts';
import type { suggestionTexts } from './suggestions.ts';
import type { trainingTexts } from './training.ts';
import type { unitTexts } from './units.ts';
import type { webgpuTexts } from './webgpu.ts';
import type { weightsPanelTexts } from './weights.ts';
import type { welcomeTexts } from './welcome.ts';

export interface AllTexts {
  readonly about: typeof aboutTexts;
  readonly action: typeof actionTexts;
  readonly actionWords: typeof actionWords;
  readonly chart: typeof chartTexts;
  readonly columns: typeof columnsTexts;
  readonly configEditor: typeof configEditorTexts;
  readonly config: typeof configTexts;
  readonly explorer: typeof explorerTexts;
  readonly table: typeof tableTexts;
  readonly teacher: typeof teacherTexts;
  readonly data: typeof dataTexts;
  readonly ownFiles: typeof ownFilesTexts;
  readonly ownTable: typeof ownTableTexts;
  readonly editor: typeof editorTexts;
  readonly edit: typeof editTexts;
  readonly engine: typeof engineTexts;
  readonly evaluation: typeof evaluationTexts;
  readonly answer: typeof answerTexts;
  readonly file: typeof fileTexts;
  readonly gallery: typeof galleryTexts;
  readonly glossary: typeof glossaryTexts;
  readonly term: typeof termTexts;
  readonly finding: typeof findingTexts;
  readonly guidance: typeof guidanceTexts;
  readonly header: typeof headerTexts;
  readonly head: typeof headTexts;
  readonly tweetTool: typeof tweetToolTexts;
  readonly heuristicsTool: typeof heuristicsToolTexts;
  readonly whatIf: typeof whatIfTexts;
  readonly labTraining: typeof labTrainingTexts;
  readonly candidates: typeof candidatesTexts;
  readonly lab: typeof labTexts;
  readonly link: typeof linkTexts;
  readonly metric: typeof metricTexts;
  readonly part: typeof partTexts;
  readonly node: typeof nodeTexts;
  readonly view: typeof viewTexts;
  readonly diagram: typeof diagramTexts;
  readonly health: typeof healthTexts;
  readonly inside: typeof insideTexts;
  readonly cost: typeof costTexts;
  readonly notice: typeof noticeTexts;
  readonly offline: typeof offlineTexts;
  readonly page: typeof pageTexts;
  readonly palette: typeof paletteTexts;
  readonly card: typeof cardTexts;
  readonly ranking: typeof rankingTexts;
  readonly runs: typeof runsTexts;
  readonly compare: typeof compareTexts;
  readonly sweep: typeof sweepTexts;
  readonly session: typeof sessionTexts;
  readonly share: typeof shareTexts;
  readonly story: typeof storyTexts;
  readonly tour: typeof tourTexts;
  readonly experiment: typeof experimentTexts;
  readonly suggestion: typeof suggestionTexts;
  readonly training: typeof trainingTexts;
  readonly unit: typeof unitTexts;
  readonly webgpu: typeof webgpuTexts;
  readonly weightsPanel: typeof weightsPanelTexts;
  readonly welcome: typeof welcomeTexts;
}
