/** All stores of the page, each with what it needs of the others, and the history of their edits. They know no worker. */
import type { ChartViewStore } from '../stores/chart-view.ts';
import type { ColumnsStore } from '../stores/columns.ts';
import type { ConfigPreset, ConfigStore } from '../stores/config.ts';
import type { DataStore } from '../stores/data.ts';
import type { DraftStore } from './draft.ts';
import type { EvaluationStore } from '../stores/evaluation.ts';
import type { KeyValue } from '../stores/persistence.ts';
import type { PageStore } from '../stores/page.ts';
import type { RankingStore } from '../stores/ranking.ts';
import type { RunStore } from '../stores/run.ts';
import type { Schemas } from './draft-recipe.ts';
import type { ScoringStore } from '../stores/scoring.ts';
import type { SettingsStore } from '../stores/settings.ts';
import type { TeacherText } from '../stores/teacher-settings.ts';
import type { Tweet } from '../../src/ranking/tweets.ts';
import type { TweetsStore } from '../stores/tweets.ts';
import { History } from '../stores/history.ts';
import { Offers } from '../stores/offers.ts';
import { createChartViewStore } from '../stores/chart-view.ts';
import { createColumnsStore } from '../stores/columns.ts';
import { createConfigStore } from '../stores/config.ts';
import { createDataStore } from '../stores/data.ts';
import { createDraftStore } from './draft.ts';
import { createEvaluationStore } from '../stores/evaluation.ts';
import { createPageStore } from '../stores/page.ts';
import { createRankingStore } from '../stores/ranking.ts';
import { createRunStore } from '../stores/run.ts';
import { createScoringStore } from '../stores/scoring.ts';
import { createSettingsStore } from '../stores/settings.ts';
import { createTweetsStore } from '../stores/tweets.ts';
import { editParts } from './edit-parts.ts';
import { unfit } from './draft-recipe.ts';

export interface StoreParts {
  readonly presets: readonly ConfigPreset[];
  readonly schemas: Schemas;
  /** Teacher presets; the first is the default. */
  readonly teachers: readonly TeacherText[];
  readonly tweets: readonly Tweet[];
  readonly storage: KeyValue | null;
  /** Milliseconds, for edits that follow each other fast; the page's own without it. */
  readonly clock?: () => number;
}

export class PageStores {
  readonly config: ConfigStore;
  readonly settings: SettingsStore;
  readonly data: DataStore;
  readonly run: RunStore = createRunStore();
  readonly ranking: RankingStore;
  /** Which tweets are ranked, and by which weights and heuristics. */
  readonly tweets: TweetsStore;
  readonly scoring: ScoringStore;
  readonly evaluation: EvaluationStore = createEvaluationStore();
  readonly draft: DraftStore;
  readonly history: History;
  readonly page: PageStore;
  /** What the parts that are shown can do. */
  readonly offers = new Offers();
  /** How the charts are looked at. */
  readonly chartView: ChartViewStore;
  /** How wide the columns are. */
  readonly columns: ColumnsStore;

  constructor({ presets, schemas, teachers, tweets, storage, clock }: StoreParts) {
    this.history = new History(clock);
    this.page = createPageStore(storage);
    this.chartView = createChartViewStore(storage);
    this.columns = createColumnsStore(storage);
    this.data = createDataStore(teachers, storage);
    this.config = createConfigStore(presets, storage, (config) =>
      unfit(config, this.data.getState(), schemas),
    );
    this.settings = createSettingsStore(storage);
    this.draft = createDraftStore(this, schemas);
    this.ranking = createRankingStore(tweets, storage);
    this.tweets = createTweetsStore(storage);
    this.scoring = createScoringStore(storage);
    for (const part of editParts(this)) this.history.follow(part);
  }
}
